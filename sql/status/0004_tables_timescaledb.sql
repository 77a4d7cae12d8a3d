-- Hypertables with all their chunks, and plain tables. A continuous aggregate keeps its rows in a
-- hypertable of its own, shown here under its name. Rows are the planner's estimate (where a chunk
-- was never analyzed, by its size), for compressed chunks the number that was compressed.
WITH tables AS (
	SELECT n.position, n.name, coalesce(a.id, to_regclass(n.name)) AS id
	FROM (
		VALUES (1, 'sensor_readings'), (2, 'sensor_texts'), (3, 'readings_hourly'),
		       (4, 'readings_daily'), (5, 'latest_readings'), (6, 'touched_hours'),
		       (7, 'sensors'), (8, 'metrics')
	) AS n (position, name)
	LEFT JOIN (
		SELECT to_regclass(format('%I.%I', view_schema, view_name)) AS view,
		       to_regclass(format('%I.%I', materialization_hypertable_schema,
		                          materialization_hypertable_name)) AS id
		FROM timescaledb_information.continuous_aggregates
	) AS a ON a.view = to_regclass(n.name)
),
hypertables AS (
	SELECT to_regclass(format('%I.%I', h.schema_name, h.table_name)) AS id, h.id AS number
	FROM _timescaledb_catalog.hypertable AS h
)
SELECT t.name AS "table",
       r.rows_estimate,
       s.total_bytes AS size_bytes,
       s.table_bytes AS heap_bytes,
       s.index_bytes,
       s.toast_bytes
FROM tables AS t
JOIN pg_class AS c ON c.oid = t.id AND c.relkind = 'r'
LEFT JOIN hypertables AS h ON h.id = t.id
CROSS JOIN LATERAL (
	SELECT d.total_bytes, d.table_bytes, d.index_bytes, d.toast_bytes
	FROM hypertable_detailed_size(t.id) AS d
	WHERE h.id IS NOT NULL
	UNION ALL
	SELECT pg_total_relation_size(t.id), pg_table_size(t.id) - b.toast,
	       pg_indexes_size(t.id), b.toast
	FROM (
		SELECT CASE WHEN c.reltoastrelid = 0 THEN 0
		            ELSE pg_total_relation_size(c.reltoastrelid) END AS toast
	) AS b
	WHERE h.id IS NULL
) AS s
CROSS JOIN LATERAL (
	SELECT coalesce(sum(CASE WHEN z.chunk_id IS NOT NULL
	                         THEN z.numrows_pre_compression + pg_relation_size(p.oid) / 52
	                         WHEN p.reltuples < 0 THEN pg_relation_size(p.oid) / 52
	                         ELSE p.reltuples END), 0)::bigint AS rows_estimate
	FROM (
		SELECT NULL::int AS chunk, c.oid
		WHERE h.id IS NULL
		UNION ALL
		SELECT k.id, to_regclass(format('%I.%I', k.schema_name, k.table_name))
		FROM _timescaledb_catalog.chunk AS k
		WHERE k.hypertable_id = h.number AND NOT k.dropped
	) AS k
	JOIN pg_class AS p ON p.oid = k.oid
	LEFT JOIN _timescaledb_catalog.compression_chunk_size AS z ON z.chunk_id = k.chunk
) AS r
ORDER BY t.position
