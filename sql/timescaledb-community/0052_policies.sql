-- The policies by the names that `tsdb-admin policy` gives them.
--
--   raw, texts, hourly, daily   how long readings, texts, and rollups by hour and day are kept
--   compress                    how old readings and texts are compressed

-- The jobs by the relation they work on. TimescaleDB names that of a continuous aggregate by the
-- view, older versions by the hypertable that its rows are in.
CREATE VIEW policy_jobs AS
SELECT coalesce(a.view_name, j.hypertable_name) AS relation,
       j.proc_name AS job, j.job_id, j.scheduled, j.config
FROM timescaledb_information.jobs AS j
LEFT JOIN timescaledb_information.continuous_aggregates AS a
	ON a.materialization_hypertable_name = j.hypertable_name
WHERE coalesce(a.view_name, j.hypertable_name)
	IN ('sensor_readings', 'sensor_texts', 'readings_hourly', 'readings_daily');
COMMENT ON VIEW policy_jobs IS 'TimescaleDB''s jobs for the tables of this schema';

-- What they are set to. Where there is no job the value is null: for ever, or never.
CREATE VIEW policies AS
SELECT p.name, coalesce(j.config->>'drop_after', j.config->>'compress_after')::interval AS value
FROM (
	VALUES ('raw', 'sensor_readings', 'policy_retention'),
	       ('texts', 'sensor_texts', 'policy_retention'),
	       ('hourly', 'readings_hourly', 'policy_retention'),
	       ('daily', 'readings_daily', 'policy_retention'),
	       ('compress', 'sensor_readings', 'policy_compression')
) AS p (name, relation, job)
LEFT JOIN policy_jobs AS j USING (relation, job);
COMMENT ON VIEW policies IS 'ages at which TimescaleDB''s jobs drop and compress; null is never';

-- One row. Readings before raw_from may have been dropped, all or some of them: rollups of that
-- time are not refreshed any more.
CREATE TABLE rollup_state (
	one_row  boolean PRIMARY KEY DEFAULT true CHECK (one_row),
	raw_from timestamptz NOT NULL DEFAULT '-infinity'
);
COMMENT ON TABLE rollup_state IS 'from when on readings are all there; one row';
INSERT INTO rollup_state DEFAULT VALUES;

-- Chunks, a day each (UTC), are dropped when their end is older than the policy.
CREATE FUNCTION retire_readings() RETURNS bigint
LANGUAGE sql SET timezone TO 'UTC' AS $$
	UPDATE rollup_state AS s
	SET raw_from = greatest(s.raw_from, date_trunc('day', now() - p.value))
	FROM policies AS p
	WHERE p.name = 'raw' AND p.value IS NOT NULL;
	SELECT 0::bigint
$$;

CREATE FUNCTION set_retention(relation regclass, age interval) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM remove_retention_policy(relation, if_exists => true);
	IF age IS NOT NULL THEN
		PERFORM add_retention_policy(relation, age);
	END IF;
END
$$;

CREATE FUNCTION set_compression(relation regclass, age interval) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM remove_compression_policy(relation, if_exists => true);
	IF age IS NOT NULL THEN
		PERFORM add_compression_policy(relation, age);
	END IF;
END
$$;

-- The refresh looks no further back than what it reads is kept: it would take rollups away whose
-- readings are gone.
CREATE FUNCTION set_refresh(relation regclass, window_start interval, window_end interval)
RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (
		SELECT FROM policy_jobs AS j
		WHERE j.relation::regclass = set_refresh.relation
		AND j.job = 'policy_refresh_continuous_aggregate'
		AND (j.config->>'start_offset')::interval = window_start
	) THEN
		RETURN;
	END IF;
	PERFORM remove_continuous_aggregate_policy(relation, if_exists => true);
	PERFORM add_continuous_aggregate_policy(relation, window_start, window_end,
	                                        schedule_interval => interval '5 minutes');
END
$$;

CREATE FUNCTION set_policy(policy text, age interval) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM retire_readings(); -- by the age that was in force
	CASE policy
	WHEN 'raw' THEN
		PERFORM set_refresh('readings_hourly', least(interval '30 days', age), interval '1 hour');
		PERFORM set_retention('sensor_readings', age);
	WHEN 'texts' THEN
		PERFORM set_retention('sensor_texts', age);
	WHEN 'hourly' THEN
		PERFORM set_refresh('readings_daily', least(interval '60 days', age), interval '1 day');
		PERFORM set_retention('readings_hourly', age);
	WHEN 'daily' THEN
		PERFORM set_retention('readings_daily', age);
	WHEN 'compress' THEN
		PERFORM set_compression('sensor_readings', age);
		PERFORM set_compression('sensor_texts', age);
	END CASE;
END
$$;

-- Refreshes the hours of one day (UTC) that late readings touched, and takes the notes away that
-- `seen` shows. TimescaleDB knows which series and hours of it were written to, and reads only
-- those. To be called outside of a transaction.
CREATE PROCEDURE refresh_late(day timestamptz, seen pg_snapshot)
LANGUAGE plpgsql AS $$
DECLARE
	first timestamptz;
	last  timestamptz;
BEGIN
	SELECT min(t.bucket), max(t.bucket) INTO first, last
	FROM touched_hours AS t, rollup_state AS s
	WHERE t.bucket >= day AND t.bucket < day + interval '24 hours' AND t.bucket >= s.raw_from;
	IF first IS NOT NULL THEN
		CALL refresh_continuous_aggregate('readings_hourly', first, last + interval '1 hour');
		COMMIT; -- which tells the daily rollup what changed
		CALL refresh_continuous_aggregate('readings_daily', day, day + interval '24 hours');
	END IF;
	DELETE FROM touched_hours AS t
	WHERE t.bucket >= day AND t.bucket < day + interval '24 hours'
	AND pg_visible_in_snapshot(t.noted_by, seen);
END
$$;
