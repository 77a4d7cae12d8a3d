-- A continuous aggregate keeps its rows in a hypertable of its own, shown here under its name.
WITH tables AS (
	SELECT h.hypertable_name AS name, h.hypertable_schema, h.hypertable_name
	FROM timescaledb_information.hypertables AS h
	WHERE to_regclass(format('%I.%I', h.hypertable_schema, h.hypertable_name))
		IN (to_regclass('sensor_readings'), to_regclass('sensor_texts'))
	UNION ALL
	SELECT a.view_name, a.materialization_hypertable_schema, a.materialization_hypertable_name
	FROM timescaledb_information.continuous_aggregates AS a
	WHERE to_regclass(format('%I.%I', a.view_schema, a.view_name))
		IN (to_regclass('readings_hourly'), to_regclass('readings_daily'))
)
SELECT t.name AS "table",
       approximate_row_count(r.id) AS rows_estimate,
       hypertable_size(r.id) AS size_bytes,
       c.chunks,
       c.compressed_chunks,
       to_char(c.first AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS first_day,
       to_char(c.last AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS last_day
FROM tables AS t
CROSS JOIN LATERAL (
	SELECT to_regclass(format('%I.%I', t.hypertable_schema, t.hypertable_name)) AS id
) AS r
CROSS JOIN LATERAL (
	SELECT count(*) AS chunks,
	       count(*) FILTER (WHERE k.is_compressed) AS compressed_chunks,
	       min(k.range_start) AS first,
	       max(k.range_end) - interval '1 microsecond' AS last
	FROM timescaledb_information.chunks AS k
	WHERE k.hypertable_schema = t.hypertable_schema AND k.hypertable_name = t.hypertable_name
) AS c
ORDER BY r.id
