-- Cheap, however many readings there are: what is oldest, the days tell that hold any; what is
-- newest, the end of the newest of them, where the rows lie that were written last (1,500 pages are
-- 235,000 rows; tsdb-copy commits 200,000 at once, at most). The default partition, which should be
-- small, is looked at from both ends.
WITH days AS (
	SELECT c.oid, p.day, pg_relation_size(c.oid) / current_setting('block_size')::int AS pages
	FROM pg_inherits AS i
	JOIN pg_class AS c ON c.oid = i.inhrelid
	CROSS JOIN LATERAL (
		SELECT to_date(substring(c.relname FROM '_(\d{8})$'), 'YYYYMMDD') AS day
	) AS p
	WHERE i.inhparent IN ('sensor_readings'::regclass, to_regclass('packed_readings'))
	AND p.day IS NOT NULL
),
newest AS (
	SELECT day::timestamp AT TIME ZONE 'UTC' AS since,
	       (day + 1)::timestamp AT TIME ZONE 'UTC' AS upto,
	       format('(%s,0)', greatest(pages - 1500, 0))::tid AS tail
	FROM days
	WHERE pages > 0
	ORDER BY day DESC
	LIMIT 1
),
rest AS (
	SELECT format('(%s,0)', greatest(pg_relation_size('sensor_readings_default')
	                                 / current_setting('block_size')::int - 1500, 0))::tid AS tail
),
strays AS (
	SELECT time FROM sensor_readings_default WHERE ctid < '(1500,0)'
	UNION ALL
	SELECT time FROM sensor_readings_default WHERE ctid >= (SELECT tail FROM rest)
),
span AS MATERIALIZED (
	SELECT least((SELECT min(day) FROM days WHERE pages > 0),
	             (SELECT min(time) FROM strays)::date) AS oldest,
	       greatest((SELECT max(time)
	                 FROM sensor_readings
	                 WHERE time >= (SELECT since FROM newest) AND time < (SELECT upto FROM newest)
	                 AND ctid >= (SELECT tail FROM newest)),
	                (SELECT max(time) FROM strays)) AS newest
)
SELECT (SELECT count(*) FROM sensors) AS sensors,
       (SELECT count(*) FROM metrics) AS metrics,
       oldest AS oldest_day,
       to_char(newest AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS newest,
       round(extract(epoch FROM now() - newest)::numeric, 3) AS newest_age_seconds
FROM span
