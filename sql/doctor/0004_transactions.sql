-- Transactions that have been open for an hour: nothing that died since can be vacuumed, and what they
-- have locked others wait for. Those of others only pg_monitor sees.
WITH old AS (
	SELECT format('process %s of %s (%s)', pid, usename,
	              coalesce(nullif(application_name, ''), 'no name')) AS who,
	       xact_start AS since, format('SELECT pg_terminate_backend(%s);', pid) AS mend
	FROM pg_stat_activity
	WHERE xact_start < clock_timestamp() - interval '1 hour' AND backend_type = 'client backend'
	UNION ALL
	SELECT format('prepared transaction %s of %s', quote_literal(gid), owner), prepared,
	       format('ROLLBACK PREPARED %L; -- or COMMIT PREPARED', gid)
	FROM pg_prepared_xacts
	WHERE prepared < clock_timestamp() - interval '1 hour' AND database = current_database()
)
SELECT 'transactions' AS name, 'warning' AS level,
       format('%s has one open for %s: nothing that died since is vacuumed', who,
              justify_hours(date_trunc('minute', clock_timestamp() - since))) AS found,
       mend
FROM old
UNION ALL
SELECT 'transactions',
       CASE WHEN all_seen THEN 'ok' ELSE 'skipped' END,
       CASE WHEN all_seen THEN 'none is open for an hour'
            ELSE 'needs pg_monitor to see the sessions of others' END,
       NULL
FROM (SELECT pg_has_role('pg_read_all_stats', 'USAGE') AS all_seen) AS me
WHERE NOT EXISTS (SELECT FROM old)
