-- Tables with all their partitions. Rows are the planner's estimate; where a partition was never
-- analyzed, by its size.
SELECT t.name AS "table",
       sum(CASE WHEN c.reltuples < 0 THEN pg_relation_size(c.oid) / t.row_size
                ELSE c.reltuples END)::bigint AS rows_estimate,
       sum(pg_total_relation_size(c.oid)) AS size_bytes,
       sum(pg_table_size(c.oid) - s.toast) AS heap_bytes,
       sum(pg_indexes_size(c.oid)) AS index_bytes,
       sum(s.toast) AS toast_bytes
FROM (
	VALUES (1, 'sensor_readings', 52), (2, 'packed_readings', 500), (3, 'sensor_texts', 60),
	       (4, 'rollup_hourly', 108), (5, 'rollup_daily', 108), (6, 'latest_readings', 56),
	       (7, 'touched_hours', 44), (8, 'sensors', 70), (9, 'metrics', 60)
) AS t (position, name, row_size)
CROSS JOIN LATERAL (
	SELECT to_regclass(t.name) AS oid
	UNION ALL
	SELECT i.inhrelid FROM pg_inherits AS i WHERE i.inhparent = to_regclass(t.name)
) AS p
JOIN pg_class AS c ON c.oid = p.oid
CROSS JOIN LATERAL (
	SELECT CASE WHEN c.reltoastrelid = 0 THEN 0
	            ELSE pg_total_relation_size(c.reltoastrelid) END AS toast
) AS s
WHERE c.relkind = 'r'
GROUP BY t.position, t.name
ORDER BY t.position
