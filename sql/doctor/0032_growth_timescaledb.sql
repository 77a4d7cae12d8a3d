-- Bytes that a day took, of the last seven days (UTC) that are over; null when there are none.
SELECT avg(size)::bigint
FROM (
	SELECT sum(pg_total_relation_size(format('%I.%I', chunk_schema, chunk_name)::regclass)) AS size
	FROM timescaledb_information.chunks
	WHERE format('%I.%I', hypertable_schema, hypertable_name)::regclass
		IN ('sensor_readings'::regclass, 'sensor_texts'::regclass)
	AND range_end > now() - interval '7 days' AND range_end <= now()
	GROUP BY range_start
) AS d
