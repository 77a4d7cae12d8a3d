-- Background workers, of which jobs need one each, and each database one for its scheduler.
SELECT 'workers' AS name,
       CASE WHEN wanted > allowed THEN 'warning' ELSE 'ok' END AS level,
       CASE WHEN wanted > allowed
            THEN format('max_worker_processes is %s: timescaledb.max_background_workers (%s), parallel '
	                'workers (%s) and 3 of the server''s own do not fit', allowed, jobs, parallel)
            ELSE format('%s for jobs', jobs) END AS found,
       format('ALTER SYSTEM SET max_worker_processes = %s; -- and restart the server', wanted) AS mend
FROM (
	SELECT s.*, s.jobs + s.parallel + 3 AS wanted
	FROM (
		SELECT current_setting('max_worker_processes')::int AS allowed,
		       current_setting('timescaledb.max_background_workers')::int AS jobs,
		       current_setting('max_parallel_workers')::int AS parallel
	) AS s
) AS w
