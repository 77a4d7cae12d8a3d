-- Sources that have committed nothing for a day.
WITH silent AS (
	SELECT source, now() - updated AS age
	FROM ingest_watermarks
	WHERE updated < now() - interval '1 day'
)
SELECT 'watermarks' AS name, 'warning' AS level,
       format('source %s committed nothing for %s', source, justify_hours(date_trunc('minute', age))) AS found,
       format('DELETE FROM ingest_watermarks WHERE source = %L; -- if it is gone for good, else start it',
              source) AS mend
FROM silent
UNION ALL
SELECT 'watermarks', 'ok', format('%s sources, each of which committed within a day', count(*)), NULL
FROM ingest_watermarks
HAVING NOT EXISTS (SELECT FROM silent)
