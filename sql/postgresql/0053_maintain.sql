-- What `tsdb-admin maintain` does, each function one short transaction of it. Only one maintain
-- works at a time. Each function says how much it did.
--
-- Readings are rolled up series by series along the key (sensor_id, metric_id, time): that is three
-- to four times as fast as sorting the rows of a day, and needs no index on the time, which would
-- make writing 15% dearer. So plans that scan and sort are ruled out, whatever the statistics say
-- about partitions that were filled just now.

-- One bucket of one series: always one row; count and failed are 0 where there are no readings.
CREATE FUNCTION roll_up_hour(hour timestamptz, sensor int, metric smallint)
RETURNS TABLE (count bigint, sum float8, min float8, max float8, first float8, last float8,
               sum_of_squares float8, failed bigint)
LANGUAGE sql STABLE AS $$
	SELECT count(r.good), sum(r.good), min(r.good), max(r.good),
	       (array_agg(r.good ORDER BY r.time) FILTER (WHERE r.good IS NOT NULL))[1],
	       (array_agg(r.good ORDER BY r.time DESC) FILTER (WHERE r.good IS NOT NULL))[1],
	       sum(r.good * r.good), count(*) - count(r.good)
	FROM (
		SELECT s.time, CASE WHEN s.quality < 4 AND abs(s.value) < 1e100 THEN s.value END AS good
		FROM sensor_readings AS s
		WHERE s.sensor_id = sensor AND s.metric_id = metric
		AND s.time >= hour AND s.time < hour + interval '1 hour'
	) AS r
$$;

-- One day (UTC) of one series out of its hours; as above.
CREATE FUNCTION roll_up_day(day timestamptz, sensor int, metric smallint)
RETURNS TABLE (count bigint, sum float8, min float8, max float8, first float8, last float8,
               sum_of_squares float8, failed bigint)
LANGUAGE sql STABLE AS $$
	SELECT coalesce(sum(h.count), 0)::bigint, sum(h.sum), min(h.min), max(h.max),
	       (array_agg(h.first ORDER BY h.bucket) FILTER (WHERE h.count > 0))[1],
	       (array_agg(h.last ORDER BY h.bucket DESC) FILTER (WHERE h.count > 0))[1],
	       sum(h.sum_of_squares), coalesce(sum(h.failed), 0)::bigint
	FROM rollup_hourly AS h
	WHERE h.sensor_id = sensor AND h.metric_id = metric
	AND h.bucket >= day AND h.bucket < day + interval '24 hours'
$$;

-- Stores the hours from `first` to `upto`, which lie in one day (UTC), as far as they are not yet
-- stored, and the days that are then complete. What is skipped before `first` has no readings, or
-- they are noted in touched_hours. Returns the number of hourly buckets.
CREATE FUNCTION roll_up_hours(first timestamptz, upto timestamptz) RETURNS bigint
LANGUAGE plpgsql SET timezone TO 'UTC' SET jit TO off SET enable_seqscan TO off AS $$
DECLARE
	since  timestamptz := (SELECT greatest(first, hourly_to) FROM rollup_state);
	day    timestamptz := date_trunc('day', since);
	stored bigint;
BEGIN
	-- Which series the day has, the key knows: it is walked in steps of a series, an index probe
	-- each ("loose index scan").
	INSERT INTO rollup_hourly
	WITH RECURSIVE series AS (
		(SELECT sensor_id, metric_id
		 FROM sensor_readings
		 WHERE time >= day AND time < day + interval '1 day'
		 ORDER BY sensor_id, metric_id
		 LIMIT 1)
		UNION ALL
		SELECT next.*
		FROM series AS s
		CROSS JOIN LATERAL (
			SELECT r.sensor_id, r.metric_id
			FROM sensor_readings AS r
			WHERE (r.sensor_id, r.metric_id) > (s.sensor_id, s.metric_id)
			AND r.time >= day AND r.time < day + interval '1 day'
			ORDER BY r.sensor_id, r.metric_id
			LIMIT 1
		) AS next
	)
	SELECT h.hour, s.sensor_id, s.metric_id, r.*
	FROM series AS s
	CROSS JOIN generate_series(since, upto - interval '1 hour', interval '1 hour') AS h (hour)
	CROSS JOIN LATERAL roll_up_hour(h.hour, s.sensor_id, s.metric_id) AS r
	WHERE r.count + r.failed > 0;
	GET DIAGNOSTICS stored = ROW_COUNT;

	INSERT INTO rollup_daily
	SELECT s.day, s.sensor_id, s.metric_id, r.*
	FROM (
		SELECT DISTINCT date_trunc('day', h.bucket) AS day, h.sensor_id, h.metric_id
		FROM rollup_hourly AS h, rollup_state AS t
		WHERE h.bucket >= t.daily_to AND h.bucket < date_trunc('day', upto)
	) AS s
	CROSS JOIN LATERAL roll_up_day(s.day, s.sensor_id, s.metric_id) AS r;

	UPDATE rollup_state
	SET hourly_to = greatest(hourly_to, upto), daily_to = greatest(daily_to, date_trunc('day', upto));
	RETURN stored;
END
$$;

-- Computes again the buckets of one day (UTC) that late readings touched, and takes their notes
-- away. Notes of hours that are not yet stored are taken away too: when their turn comes the
-- readings are there. Readings of a time of which others may be gone already come too late. Returns
-- the number of hourly buckets.
CREATE FUNCTION roll_up_late(day timestamptz) RETURNS bigint
LANGUAGE plpgsql SET timezone TO 'UTC' SET jit TO off SET enable_seqscan TO off AS $$
DECLARE
	hours   timestamptz[];
	sensors int[];
	metrics smallint[];
BEGIN
	WITH noted AS (
		DELETE FROM touched_hours AS t
		WHERE t.bucket >= day AND t.bucket < day + interval '1 day'
		RETURNING t.bucket, t.sensor_id, t.metric_id
	)
	SELECT array_agg(n.bucket), array_agg(n.sensor_id), array_agg(n.metric_id)
	INTO hours, sensors, metrics
	FROM (SELECT DISTINCT * FROM noted) AS n, rollup_state AS s
	WHERE n.bucket >= s.raw_from AND n.bucket < s.hourly_to;

	DELETE FROM rollup_hourly AS h
	USING unnest(hours, sensors, metrics) AS k (hour, sensor, metric)
	WHERE (h.sensor_id, h.metric_id, h.bucket) = (k.sensor, k.metric, k.hour);
	INSERT INTO rollup_hourly
	SELECT k.hour, k.sensor, k.metric, r.*
	FROM unnest(hours, sensors, metrics) AS k (hour, sensor, metric)
	CROSS JOIN LATERAL roll_up_hour(k.hour, k.sensor, k.metric) AS r
	WHERE r.count + r.failed > 0;

	IF day < (SELECT daily_to FROM rollup_state) THEN
		DELETE FROM rollup_daily AS d
		USING (SELECT DISTINCT * FROM unnest(sensors, metrics)) AS k (sensor, metric)
		WHERE (d.sensor_id, d.metric_id, d.bucket) = (k.sensor, k.metric, day);
		INSERT INTO rollup_daily
		SELECT day, k.sensor, k.metric, r.*
		FROM (SELECT DISTINCT * FROM unnest(sensors, metrics)) AS k (sensor, metric)
		CROSS JOIN LATERAL roll_up_day(day, k.sensor, k.metric) AS r
		WHERE r.count + r.failed > 0;
	END IF;
	RETURN coalesce(cardinality(hours), 0);
END
$$;

-- From now on readings before `upto`, the beginning of a day, may be dropped, and the rollups made
-- of them stay as they are; readings not rolled up yet are kept. Returns the number of notes
-- of late readings that are of no use any more.
CREATE FUNCTION retire_readings(upto timestamptz) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
	discarded bigint;
BEGIN
	UPDATE rollup_state SET raw_from = greatest(raw_from, least(upto, daily_to));
	DELETE FROM touched_hours WHERE bucket < (SELECT raw_from FROM rollup_state);
	GET DIAGNOSTICS discarded = ROW_COUNT;
	RETURN discarded;
END
$$;

-- Drops a partition of which `upto` is the end. Readings stay until they are retired, and so do the
-- rollups of their time. Returns whether it was dropped.
CREATE FUNCTION drop_partition(parent text, partition text, upto timestamptz) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
	IF parent <> 'sensor_texts' AND upto > (SELECT raw_from FROM rollup_state) THEN
		RETURN false;
	END IF;
	EXECUTE format('DROP TABLE IF EXISTS %I', partition);
	RETURN true;
END
$$;
