-- Late readings of packed days: no reading is both packed and loose, a row of sensor_readings. What
-- a writer may meet is made loose first, so that the key, ON CONFLICT, and whoever compares find it.
-- `tsdb-admin maintain` packs it again.
--
-- Packing and late writing of a day exclude each other by an advisory lock until the end of the
-- transaction: writers share it, packing has it alone. Days share 32 locks, so that a load of years
-- does not fill the server's table of locks.

CREATE FUNCTION lock_day(day date, alone boolean) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	class int := hashtext('sensorpipe packing');
	lock  int := (day - date '2000-01-01') % 32;
BEGIN
	IF alone THEN
		PERFORM pg_advisory_xact_lock(class, lock);
	ELSE
		PERFORM pg_advisory_xact_lock_shared(class, lock);
	END IF;
END
$$;

-- These rows of packed_readings, of one day, become loose; where a key is loose already, that one
-- stays. Returns the number of rows of packed_readings.
CREATE FUNCTION loosen(day date, sensors int[], metrics smallint[], first_times timestamptz[])
RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
	since timestamptz := day::timestamp AT TIME ZONE 'UTC';
	given text := format('WHERE first_time >= %L AND first_time < %L
		AND (sensor_id, metric_id, first_time) IN (SELECT * FROM unnest($1, $2, $3))',
		since, since + interval '24 hours');
	count bigint;
BEGIN
	EXECUTE 'INSERT INTO sensor_readings (time, value, sensor_id, metric_id, quality)
		SELECT time, value, sensor_id, metric_id, quality
		FROM unpacked_readings ' || given || '
		ORDER BY sensor_id, metric_id, time
		ON CONFLICT DO NOTHING'
	USING sensors, metrics, first_times;
	EXECUTE 'DELETE FROM packed_readings ' || given USING sensors, metrics, first_times;
	GET DIAGNOSTICS count = ROW_COUNT;
	RETURN count;
END
$$;

-- Loosens what is packed of these series in these hours (or around times within them). Returns the
-- number of rows of packed_readings. Days that are not over are not looked at: none is packed sooner
-- than an hour after its end.
CREATE FUNCTION loosen_hours(hours timestamptz[], sensors int[], metrics smallint[]) RETURNS bigint
LANGUAGE plpgsql SET timezone TO 'UTC' AS $$
DECLARE
	given  record;
	found  record;
	opened bigint := 0;
BEGIN
	FOR given IN
		SELECT t.hour::date AS day, array_agg(t.hour) AS hours, array_agg(t.sensor) AS sensors,
		       array_agg(t.metric) AS metrics
		FROM unnest(hours, sensors, metrics) AS t (hour, sensor, metric)
		WHERE t.hour < date_trunc('day', clock_timestamp()) AND isfinite(t.hour)
		GROUP BY 1
		ORDER BY 1
	LOOP
		PERFORM lock_day(given.day, false);
		CONTINUE WHEN to_regclass('packed_readings' || to_char(given.day, '"_"YYYYMMDD')) IS NULL;
		EXECUTE format('
			SELECT array_agg(p.sensor_id) AS sensors, array_agg(p.metric_id) AS metrics,
			       array_agg(p.first_time) AS first_times
			FROM packed_readings AS p
			WHERE p.first_time >= %L AND p.first_time < %L AND EXISTS (
				SELECT FROM unnest($1, $2, $3) AS k (hour, sensor, metric)
				WHERE k.sensor = p.sensor_id AND k.metric = p.metric_id
				AND p.first_time < date_trunc(''hour'', k.hour) + interval ''1 hour''
				AND p.last_time >= date_trunc(''hour'', k.hour))',
			given.day, given.day + 1)
		INTO found USING given.hours, given.sensors, given.metrics;
		opened := opened + loosen(given.day, found.sensors, found.metrics, found.first_times);
	END LOOP;
	RETURN opened;
END
$$;

-- Loosens a whole day (UTC), for changes by hand. Until the end of the transaction nothing packs it.
CREATE FUNCTION unpack_day(day date) RETURNS bigint
LANGUAGE plpgsql SET timezone TO 'UTC' AS $$
DECLARE
	found record;
BEGIN
	PERFORM lock_day(day, true);
	EXECUTE format('
		SELECT array_agg(p.sensor_id) AS sensors, array_agg(p.metric_id) AS metrics,
		       array_agg(p.first_time) AS first_times
		FROM packed_readings AS p
		WHERE p.first_time >= %L AND p.first_time < %L', day, day + 1)
	INTO found;
	RETURN loosen(day, found.sensors, found.metrics, found.first_times);
END
$$;

-- As it was, and what is packed of these hours is loosened.
CREATE OR REPLACE FUNCTION note_touched(buckets timestamptz[], sensors int[], metrics smallint[])
RETURNS void
LANGUAGE sql AS $$
	INSERT INTO touched_hours (bucket, sensor_id, metric_id)
	SELECT DISTINCT date_trunc('hour', t.bucket, 'UTC'), t.sensor_id, t.metric_id
	FROM unnest(buckets, sensors, metrics) AS t (bucket, sensor_id, metric_id)
	WHERE date_trunc('hour', t.bucket, 'UTC') + interval '1 hour' <= clock_timestamp();
	SELECT loosen_hours(buckets, sensors, metrics);
	SELECT
$$;
