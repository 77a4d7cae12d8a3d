-- Settings that matter here, as this role gets them in this database; a row for each that is wrong.
-- How one is mended depends on where it was set.
WITH found AS (
	SELECT s.name, s.reset_val, s.source, s.context, r.*,
	       CASE WHEN s.unit IS NULL THEN s.reset_val ELSE current_setting(s.name) END AS shown
	FROM pg_settings AS s
	CROSS JOIN LATERAL (
		SELECT CASE WHEN s.vartype IN ('integer', 'real') THEN s.reset_val::float8 END AS number
	) AS v
	JOIN LATERAL (
		VALUES
		('fsync', s.reset_val = 'off', 'problem', 'on',
		 'a crash of the machine can destroy the database'),
		('full_page_writes', s.reset_val = 'off', 'problem', 'on',
		 'a crash of the machine can leave torn pages'),
		('synchronous_commit', s.reset_val = 'off', 'warning', 'on',
		 'a crash of the server takes back commits that a spool may have forgotten'),
		('default_transaction_isolation', s.reset_val <> 'read committed', 'problem',
		 '''read committed''',
		 'several tsdb-copy that register sensors at once fail'),
		('default_transaction_read_only', s.reset_val = 'on', 'problem', 'off',
		 'nothing can be stored'),
		('statement_timeout', v.number > 0 AND v.number < 300000, 'warning', '0',
		 'cuts off what takes longer, such as a first maintain, or an export'),
		('transaction_timeout', v.number > 0 AND v.number < 300000, 'warning', '0',
		 'cuts off what takes longer, such as a first maintain, or an export'),
		('idle_in_transaction_session_timeout', v.number > 0 AND v.number < 10000, 'warning',
		 '''1min''',
		 'cuts off a writer that waits for its own network'),
		('autovacuum', s.reset_val = 'off', 'warning', 'on',
		 'dead rows and old transaction numbers pile up, and plans go by no statistics'),
		('track_counts', s.reset_val = 'off', 'warning', 'on',
		 'autovacuum does not see what is to be done'),
		('max_wal_size', v.number < 1024, 'warning', '''1GB''',
		 'writing much forces checkpoints, which slow it down'),
		('shared_buffers', v.number <= 16384 AND pg_database_size(current_database()) > 1e9,
		 'warning', '''1GB''',
		 'the default for small databases; a quarter of the memory is usual')
	) AS r (rule, bad, level, good, why) ON r.rule = s.name
),
wrong AS (
	SELECT name, level, format('is %s: %s', shown, why) AS found,
	       CASE name WHEN 'default_transaction_read_only' THEN 'SET default_transaction_read_only TO off; ' ELSE '' END ||
	       CASE source
	           WHEN 'database user' THEN format('ALTER ROLE %I IN DATABASE %I RESET %I;',
	                                            session_user, current_database(), name)
	           WHEN 'user' THEN format('ALTER ROLE %I RESET %I;', session_user, name)
	           WHEN 'database' THEN format('ALTER DATABASE %I RESET %I;', current_database(), name)
	           WHEN 'global' THEN format('ALTER ROLE ALL RESET %I;', name)
	           WHEN 'client' THEN format('take %s out of PGOPTIONS or the connection string', name)
	           WHEN 'command line' THEN format('take %s off the command line of the server', name)
	           ELSE format('ALTER SYSTEM SET %I = %s; %s', name, good,
	                       CASE context WHEN 'postmaster' THEN '-- and restart the server'
	                                    ELSE 'SELECT pg_reload_conf();' END)
	           END AS mend
	FROM found
	WHERE bad
)
SELECT * FROM wrong
UNION ALL
SELECT 'settings', 'ok', format('%s that matter are as they should be', count(*)), NULL
FROM found
HAVING NOT EXISTS (SELECT FROM wrong)
ORDER BY 1
