-- Bytes that a day took, of the last seven days (UTC) that are over; null when there are none.
SELECT avg(size)::bigint
FROM (
	SELECT sum(pg_total_relation_size(c.oid)) AS size
	FROM pg_inherits AS i
	JOIN pg_class AS c ON c.oid = i.inhrelid
	WHERE i.inhparent IN ('sensor_readings'::regclass, 'sensor_texts'::regclass)
	AND substring(c.relname FROM '_(\d{8})$')
		BETWEEN to_char(now() AT TIME ZONE 'UTC' - interval '7 days', 'YYYYMMDD')
		AND to_char(now() AT TIME ZONE 'UTC' - interval '1 day', 'YYYYMMDD')
	GROUP BY right(c.relname, 8)
) AS d
