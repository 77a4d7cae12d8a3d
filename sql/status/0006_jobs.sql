-- Jobs of continuous aggregates name the hypertable their rows are in. The last error is kept for
-- some weeks, also when the job has gone well since.
SELECT j.job_id,
       j.proc_name AS job,
       coalesce(a.view_name, j.hypertable_name) AS "table",
       extract(epoch FROM j.schedule_interval) AS every_seconds,
       j.scheduled,
       to_char(nullif(s.last_run_started_at, '-infinity') AT TIME ZONE 'UTC',
               'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS last_run,
       s.last_run_status AS last_status,
       s.total_failures AS failures,
       to_char(nullif(j.next_start, '-infinity') AT TIME ZONE 'UTC',
               'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS next_run,
       to_char(e.start_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS last_error_at,
       e.err_message AS last_error
FROM timescaledb_information.jobs AS j
LEFT JOIN timescaledb_information.job_stats AS s USING (job_id)
LEFT JOIN timescaledb_information.continuous_aggregates AS a
	ON a.materialization_hypertable_schema = j.hypertable_schema
	AND a.materialization_hypertable_name = j.hypertable_name
LEFT JOIN (
	SELECT DISTINCT ON (job_id) job_id, start_time, err_message
	FROM timescaledb_information.job_errors
	ORDER BY job_id, start_time DESC
) AS e USING (job_id)
WHERE coalesce(a.view_name, j.hypertable_name)
	IN ('sensor_readings', 'sensor_texts', 'readings_hourly', 'readings_daily')
ORDER BY j.job_id
