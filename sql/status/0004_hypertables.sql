-- A continuous aggregate keeps its rows in a hypertable of its own, shown under its name.
SELECT coalesce(a.view_name, h.hypertable_name) AS "table",
       approximate_row_count(t.oid) AS rows_estimate,
       hypertable_size(t.oid) AS size_bytes,
       h.num_chunks AS chunks,
       c.compressed AS compressed_chunks,
       to_char(c.first AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS first_day,
       to_char(c.last AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS last_day
FROM timescaledb_information.hypertables AS h
JOIN pg_namespace AS n ON n.nspname = h.hypertable_schema
JOIN pg_class AS t ON t.relnamespace = n.oid AND t.relname = h.hypertable_name
LEFT JOIN timescaledb_information.continuous_aggregates AS a
	ON a.materialization_hypertable_schema = h.hypertable_schema
	AND a.materialization_hypertable_name = h.hypertable_name
CROSS JOIN LATERAL (
	SELECT count(*) FILTER (WHERE k.is_compressed) AS compressed,
	       min(k.range_start) AS first,
	       max(k.range_end) - interval '1 microsecond' AS last
	FROM timescaledb_information.chunks AS k
	WHERE k.hypertable_schema = h.hypertable_schema AND k.hypertable_name = h.hypertable_name
) AS c
WHERE t.oid IN (to_regclass('sensor_readings'), to_regclass('sensor_texts'))
OR to_regclass(format('%I.%I', a.view_schema, a.view_name))
	IN (to_regclass('readings_hourly'), to_regclass('readings_daily'))
ORDER BY t.oid
