-- Days by the form their readings are kept in: packed into arrays, or row by row (open; the days
-- ahead too). Of the default partition, which should be empty, the size.
SELECT t.name AS "table",
       count(d.day) AS partitions,
       count(*) FILTER (WHERE d.state = 'open') AS open,
       count(*) FILTER (WHERE d.state = 'packed') AS packed,
       count(*) FILTER (WHERE d.state = 'empty') AS empty,
       min(d.day) AS first_day,
       max(d.day) AS last_day,
       pg_relation_size(t.name || '_default') AS default_partition_bytes
FROM unnest(ARRAY['sensor_readings', 'sensor_texts']) WITH ORDINALITY AS t (name, position)
CROSS JOIN LATERAL (
	SELECT p.day,
	       CASE WHEN t.name = 'sensor_readings'
	                 AND to_regclass('packed_readings' || p.suffix) IS NOT NULL THEN 'packed'
	            WHEN pg_relation_size(c.oid) > 0 THEN 'open'
	            ELSE 'empty' END AS state
	FROM pg_inherits AS i
	JOIN pg_class AS c ON c.oid = i.inhrelid
	CROSS JOIN LATERAL (
		SELECT s AS suffix, to_date(s, '_YYYYMMDD') AS day
		FROM substring(c.relname FROM '_\d{8}$') AS s
	) AS p
	WHERE i.inhparent = t.name::regclass AND p.day IS NOT NULL
) AS d
GROUP BY t.name, t.position
ORDER BY t.position
