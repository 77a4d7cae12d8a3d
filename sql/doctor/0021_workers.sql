-- Background workers, of which jobs need one each, and each database one for its scheduler.
SELECT 'workers' AS name,
       CASE WHEN jobs IS NULL OR jobs = 0 OR wanted > allowed THEN 'warning' ELSE 'ok' END AS level,
       CASE WHEN jobs IS NULL
            THEN 'there are none, timescaledb is not in shared_preload_libraries: maintain has to run the jobs'
            WHEN jobs = 0
            THEN 'there are none, timescaledb.max_background_workers is 0: maintain has to run the jobs'
            WHEN wanted > allowed
            THEN format('max_worker_processes is %s: timescaledb.max_background_workers (%s), parallel '
                        'workers (%s) and 3 of the server''s own do not fit', allowed, jobs, parallel)
            ELSE format('%s for jobs', jobs) END AS found,
       CASE WHEN jobs IS NULL
            THEN 'ALTER SYSTEM SET shared_preload_libraries = timescaledb; -- and restart the server'
            WHEN jobs = 0
            THEN 'ALTER SYSTEM SET timescaledb.max_background_workers = 16; -- and restart the server'
            ELSE format('ALTER SYSTEM SET max_worker_processes = %s; -- and restart the server', wanted)
            END AS mend
FROM (
	SELECT s.*, s.jobs + s.parallel + 3 AS wanted
	FROM (
		SELECT current_setting('max_worker_processes')::int AS allowed,
		       nullif(current_setting('timescaledb.max_background_workers', true), '')::int AS jobs,
		       current_setting('max_parallel_workers')::int AS parallel
	) AS s
) AS w
