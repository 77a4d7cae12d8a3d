-- Chunks by state. Those of a continuous aggregate hold ten days.
WITH tables AS (
	SELECT h.hypertable_schema, h.hypertable_name, h.hypertable_name AS name
	FROM timescaledb_information.hypertables AS h
	WHERE to_regclass(format('%I.%I', h.hypertable_schema, h.hypertable_name))
		IN (to_regclass('sensor_readings'), to_regclass('sensor_texts'))
	UNION ALL
	SELECT a.materialization_hypertable_schema, a.materialization_hypertable_name, a.view_name
	FROM timescaledb_information.continuous_aggregates AS a
	WHERE to_regclass(format('%I.%I', a.view_schema, a.view_name))
		IN (to_regclass('readings_hourly'), to_regclass('readings_daily'))
)
SELECT t.name AS "table",
       count(k.chunk_name) AS chunks,
       count(*) FILTER (WHERE k.state = 'open') AS open,
       count(*) FILTER (WHERE k.state = 'compressed') AS compressed,
       count(*) FILTER (WHERE k.state = 'empty') AS empty,
       to_char(min(k.range_start) AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS first_day,
       to_char((max(k.range_end) - interval '1 microsecond') AT TIME ZONE 'UTC', 'YYYY-MM-DD')
           AS last_day
FROM tables AS t
LEFT JOIN LATERAL (
	SELECT c.*,
	       CASE WHEN c.is_compressed THEN 'compressed'
	            WHEN pg_relation_size(format('%I.%I', c.chunk_schema, c.chunk_name)) > 0 THEN 'open'
	            ELSE 'empty' END AS state
	FROM timescaledb_information.chunks AS c
	WHERE c.hypertable_schema = t.hypertable_schema AND c.hypertable_name = t.hypertable_name
) AS k ON true
GROUP BY t.name
ORDER BY array_position('{sensor_readings,sensor_texts,readings_hourly,readings_daily}', t.name::text)
