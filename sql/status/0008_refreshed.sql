-- How far the continuous aggregates have materialized. Notes are the hours that late readings
-- touched, and maintain has not had refreshed.
WITH stored AS (
	SELECT a.user_view_name AS view, to_timestamp(w.watermark / 1e6) AS upto
	FROM _timescaledb_catalog.continuous_agg AS a
	JOIN _timescaledb_catalog.continuous_aggs_watermark AS w USING (mat_hypertable_id)
	WHERE w.watermark > 0
	AND to_regclass(format('%I.%I', a.user_view_schema, a.user_view_name))
		IN (to_regclass('readings_hourly'), to_regclass('readings_daily'))
)
SELECT to_char(h.upto AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS hourly_to,
       to_char(d.upto AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS daily_to,
       to_char(nullif(s.raw_from, '-infinity') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
           AS raw_from,
       round(extract(epoch FROM now() - h.upto)::numeric) AS lag_seconds,
       n.late_notes,
       n.oldest_late_hour,
       n.newest_late_hour
FROM rollup_state AS s
LEFT JOIN stored AS h ON h.view = 'readings_hourly'
LEFT JOIN stored AS d ON d.view = 'readings_daily'
CROSS JOIN (
	SELECT count(*) AS late_notes,
	       to_char(min(bucket) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
	           AS oldest_late_hour,
	       to_char(max(bucket) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
	           AS newest_late_hour
	FROM touched_hours
) AS n
