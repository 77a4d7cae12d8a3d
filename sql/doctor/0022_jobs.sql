-- TimescaleDB's jobs: switched off, failing, or not run when they were due. What maintain runs leaves no
-- trace in the statistics: where there are no background workers, nothing can be said of that.
WITH jobs AS (
	SELECT j.job_id, format('%s of %s (%s)', j.job, j.relation, j.job_id) AS what, j.scheduled,
	       s.last_run_status, s.next_start
	FROM policy_jobs AS j
	LEFT JOIN timescaledb_information.job_stats AS s USING (job_id)
),
wrong AS (
	SELECT 'warning' AS level, format('%s is switched off', what) AS found,
	       format('SELECT alter_job(%s, scheduled => true);', job_id) AS mend
	FROM jobs
	WHERE NOT scheduled
	UNION ALL
	SELECT 'problem',
	       format('%s failed: %s', what, coalesce((
	           SELECT e.err_message
	           FROM timescaledb_information.job_errors AS e
	           WHERE e.job_id = jobs.job_id
	           ORDER BY e.finish_time DESC
	           LIMIT 1), 'the log of the server tells why')),
	       format('CALL run_job(%s); -- once the cause is gone', job_id)
	FROM jobs
	WHERE scheduled AND last_run_status = 'Failed'
	UNION ALL
	SELECT 'problem',
	       format('%s of the jobs are overdue by 15 minutes or more: no background worker runs them', count(*)),
	       'SELECT _timescaledb_functions.start_background_workers(); -- the log tells why they ended'
	FROM jobs
	WHERE scheduled AND coalesce(next_start, '-infinity') < now() - interval '15 minutes'
	AND last_run_status IS DISTINCT FROM 'Failed'
	AND nullif(current_setting('timescaledb.max_background_workers', true), '')::int > 0
	HAVING count(*) > 0
)
SELECT 'jobs' AS name, level, found, mend FROM wrong
UNION ALL
SELECT 'jobs', 'ok', format('%s, none of which failed', count(*)), NULL
FROM jobs
HAVING NOT EXISTS (SELECT FROM wrong)
