-- Only where no reading is known to be the latest of its series is the newest chunk read, as a
-- whole.
SELECT (SELECT count(*) FROM sensors) AS sensors,
       (SELECT count(*) FROM metrics) AS metrics,
       o.day AS oldest_day,
       to_char(s.newest AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS newest,
       round(extract(epoch FROM now() - s.newest)::numeric, 3) AS newest_age_seconds
FROM (
	SELECT coalesce((SELECT max(time) FROM latest_readings), (SELECT newest FROM reading_span()))
		AS newest
) AS s, (
	SELECT (min(range_start) AT TIME ZONE 'UTC')::date AS day
	FROM timescaledb_information.chunks
	WHERE to_regclass(format('%I.%I', hypertable_schema, hypertable_name))
		= 'sensor_readings'::regclass
) AS o
