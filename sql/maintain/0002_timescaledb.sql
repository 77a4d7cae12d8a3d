-- What is due on TimescaleDB, in the order in which it is to be done: the jobs that no background
-- worker runs, the hours that late readings touched and no policy looks back to, and profiles of days.
WITH jobs AS (
	SELECT j.job_id, j.job, j.relation, (j.config->>'start_offset')::interval AS reach,
	       j.scheduled AND coalesce(s.next_start, '-infinity') < now() - interval '15 minutes'
	           AS overdue
	FROM policy_jobs AS j
	LEFT JOIN timescaledb_information.job_stats AS s USING (job_id)
),
-- Before that no policy refreshes anything.
reach_of_policy AS (
	SELECT coalesce(now() - min(reach), 'infinity') AS start
	FROM jobs
	WHERE job = 'policy_refresh_continuous_aggregate' AND relation = 'readings_hourly'
),
-- Readings are noted when they are a day late: until then their hours are looked through again.
latest AS (
	SELECT least(repaired_to, due - interval '25 hours') AS first, due
	FROM latest_state, date_trunc('hour', now() - interval '1 hour') AS due
	WHERE repaired_to < due
),
-- Days, the hours of which are over and can be refreshed; and those of which no reading can come any
-- more without being noted.
days AS (
	SELECT (now() - interval '1 hour')::date AS upto, (now() - interval '25 hours')::date AS settled,
	       coalesce((now() - value)::date, '-infinity') AS since
	FROM policies
	WHERE name = 'daily'
),
profiles AS (
	SELECT d.*
	FROM days AS d, profile_state AS p
	WHERE p.filled_to < d.upto OR p.settled_to < d.settled
),
refills AS (
	SELECT
	WHERE EXISTS (SELECT FROM touched_hours) OR EXISTS (SELECT FROM profile_notes)
),
steps (phase, kind, subject, at, sql) AS (
	SELECT 1, 'job', 'run ' || job || ' of ' || relation, job_id::text,
	       format('CALL run_job(%s)', job_id)
	FROM jobs
	WHERE overdue

	UNION ALL
	SELECT 2, 'retired', 'retire readings', '', 'SELECT retire_readings()'
	FROM rollup_state AS s, policies AS p
	WHERE p.name = 'raw' AND s.raw_from < date_trunc('day', now() - p.value)

	UNION ALL
	SELECT 3, 'repaired', 'repair the latest readings', '',
	       format('SELECT repair_latest(%L, %L)', first, due)
	FROM latest

	UNION ALL
	SELECT 3, 'late', 'refresh late readings of ' || t.day::date, t.day::text,
	       format('CALL refresh_late(%L, %L)', t.day, pg_current_snapshot())
	FROM (
		SELECT DISTINCT date_trunc('day', t.bucket) AS day
		FROM touched_hours AS t, reach_of_policy AS w
		WHERE t.bucket < w.start
	) AS t

	UNION ALL
	SELECT 4, 'retired', 'forget what the policies refresh', '',
	       format('DELETE FROM touched_hours '
	              'WHERE bucket >= %L AND pg_visible_in_snapshot(noted_by, %L)',
	              w.start, pg_current_snapshot())
	FROM reach_of_policy AS w
	WHERE EXISTS (SELECT FROM touched_hours AS t WHERE t.bucket >= w.start)

	-- Half a minute each, at most; the others wait for the next time.
	UNION ALL
	SELECT 5, 'refreshed', 'refresh the hours of profiles', '',
	       format('CALL refresh_for_profiles(%L)', upto)
	FROM days
	WHERE EXISTS (SELECT FROM profiles) OR EXISTS (SELECT FROM refills)
	UNION ALL
	SELECT 6, 'profiled', 'fill the profiles of days', '',
	       format('SELECT fill_profiles(%L, %L, %L, 500000)', since, upto, settled)
	FROM profiles
	UNION ALL
	SELECT 6, 'profiled', 'fill the profiles of late readings', '', 'SELECT refill_profiles(500000)'
	FROM refills
	UNION ALL
	SELECT 7, 'deleted', 'delete rows from day_profiles', '',
	       format('DELETE FROM day_profiles WHERE day < %L', since)
	FROM days
	WHERE EXISTS (SELECT FROM day_profiles AS p WHERE p.day < days.since)
)
SELECT kind, subject, sql
FROM steps
ORDER BY phase, at
