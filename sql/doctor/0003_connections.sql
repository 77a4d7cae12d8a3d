-- How much of max_connections is in use; the server counts what it shows to nobody else, too.
SELECT 'connections' AS name,
       CASE WHEN used > 0.9 * allowed THEN 'problem' WHEN used > 0.75 * allowed THEN 'warning'
            ELSE 'ok' END AS level,
       format('%s of %s in use', used, allowed) AS found,
       format('ALTER SYSTEM SET max_connections = %s; -- and restart the server, or use a pooler',
              2 * allowed) AS mend
FROM (
	SELECT sum(numbackends) AS used, current_setting('max_connections')::int AS allowed
	FROM pg_stat_database
) AS c
