-- Days of today and tomorrow (UTC) that have no partition, and rows that share the default one.
WITH missing AS (
	SELECT string_agg(DISTINCT d.day::text, ', ') AS days, bool_or(d.n = 0) AS already
	FROM (
		SELECT n, (now() AT TIME ZONE 'UTC')::date + n AS day FROM generate_series(0, 1) AS n
	) AS d
	CROSS JOIN (VALUES ('sensor_readings'), ('sensor_texts')) AS t (parent)
	WHERE to_regclass(t.parent || to_char(d.day, '"_"YYYYMMDD')) IS NULL
),
rest AS (
	SELECT (SELECT count(*) FROM (SELECT FROM sensor_readings_default LIMIT 100001) AS r) > 100000
	    OR (SELECT count(*) FROM (SELECT FROM sensor_texts_default LIMIT 100001) AS r) > 100000 AS many
)
SELECT 'partitions' AS name,
       CASE WHEN already THEN 'problem' WHEN days IS NOT NULL OR many THEN 'warning' ELSE 'ok' END AS level,
       CASE WHEN days IS NOT NULL THEN format('there are none for %s: maintain does not run', days)
            WHEN many THEN 'the default one holds more than 100000 rows'
            ELSE 'today and tomorrow have theirs' END AS found,
       'tsdb-admin maintain' AS mend
FROM missing, rest
