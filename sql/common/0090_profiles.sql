-- The shape of each day of each series: its 24 hourly means, z-normalised, mean and deviation kept
-- apart. `tsdb-admin maintain` fills it from the hourly rollups, and fills days again whose hours
-- changed. Days are those of UTC, as the hours are.
--
--   Z-normalisation before shapes are compared: E. Keogh, S. Kasetty, "On the Need for Time Series
--   Data Mining Benchmarks", Data Mining and Knowledge Discovery 7 (2003).

CREATE TABLE day_profiles (
	mean      float8 NOT NULL,
	sigma     float8 NOT NULL,
	day       date NOT NULL,
	sensor_id int NOT NULL,
	metric_id smallint NOT NULL,
	hours     smallint NOT NULL,
	flat      boolean NOT NULL,
	shape     real[] NOT NULL,
	PRIMARY KEY (sensor_id, metric_id, day)
);
CREATE INDEX ON day_profiles USING brin (day) WITH (autosummarize = on);
COMMENT ON TABLE day_profiles IS 'the shape of every day of every series; see profile_of()';
COMMENT ON COLUMN day_profiles.mean IS 'of the 24 hourly means';
COMMENT ON COLUMN day_profiles.sigma IS 'their standard deviation (of the population)';
COMMENT ON COLUMN day_profiles.hours IS 'how many of them there were; the others lie on lines between';
COMMENT ON COLUMN day_profiles.flat IS 'they hardly differ: the shape is 24 zeros';
COMMENT ON COLUMN day_profiles.shape IS '(hourly mean - mean) / sigma, hour by hour';

-- One row. Days before filled_to are filled; those before settled_to need not be looked at again,
-- unless they are noted.
CREATE TABLE profile_state (
	one_row    boolean PRIMARY KEY DEFAULT true CHECK (one_row),
	filled_to  date NOT NULL DEFAULT '-infinity',
	settled_to date NOT NULL DEFAULT '-infinity'
);
COMMENT ON TABLE profile_state IS 'how far day_profiles is filled; one row';
INSERT INTO profile_state DEFAULT VALUES;

-- One profile may be noted many times.
CREATE TABLE profile_notes (
	day       date NOT NULL,
	sensor_id int NOT NULL,
	metric_id smallint NOT NULL
);
COMMENT ON TABLE profile_notes IS 'profiles to be filled again, since hours of them changed';

-- The most hours in a row that a day lacks, given those it has, in order.
CREATE FUNCTION longest_gap(present int[]) RETURNS int
LANGUAGE sql IMMUTABLE AS $$
	SELECT max(b - a) - 1 FROM unnest(-1 || present, present || 24) AS u (a, b)
$$;

-- The profile of a day from the means of the hours that it has, in order. No row where it has fewer
-- than 20, or where more than 3 in a row are missing. Those that are missing lie on the line between
-- their neighbours; at either end of the day, they are as the nearest one.
--
-- A deviation of less than a millionth of the mean is that of rounding: flat. What is smaller than
-- 1e-100 is 0, as what is beyond 1e100 enters no rollup: squares and quotients stay in range.
CREATE FUNCTION profile_of(present int[], means float8[], OUT mean float8, OUT sigma float8,
                           OUT flat boolean, OUT shape real[])
RETURNS SETOF record
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	count  int := coalesce(cardinality(present), 0);
	filled float8[] := means; -- of all 24 hours
	before int := 0;          -- the place of the last hour that is present
BEGIN
	IF count < 20 OR longest_gap(present) > 3 THEN
		RETURN;
	END IF;
	IF count < 24 THEN
		FOR hour IN 0 .. 23 LOOP
			IF before < count AND present[before + 1] = hour THEN
				before := before + 1;
				filled[hour + 1] := means[before];
			ELSIF before = 0 THEN
				filled[hour + 1] := means[1];
			ELSIF before = count THEN
				filled[hour + 1] := means[count];
			ELSE
				filled[hour + 1] := means[before] + (means[before + 1] - means[before])
					* (hour - present[before]) / (present[before + 1] - present[before]);
			END IF;
		END LOOP;
	END IF;
	SELECT avg(v), stddev_pop(v) INTO mean, sigma FROM unnest(filled) AS v;
	IF abs(mean) < 1e-100 THEN
		mean := 0;
	END IF;
	IF sigma < 1e-100 THEN
		sigma := 0;
	END IF;
	flat := sigma * 1e6 <= abs(mean);
	SELECT array_agg(CASE WHEN flat OR abs(v - mean) <= sigma * 1e-9 THEN 0
	                      ELSE (v - mean) / sigma END::real)
	INTO shape
	FROM unnest(filled) AS v;
	RETURN NEXT;
END
$$;

-- The rest reads profile_hours, the hours that are stored, and asks next_profile_day() for days that
-- have any: each engine has its own.

-- Fills one day, which may be filled already. Returns the number of profiles.
CREATE FUNCTION fill_day(day date) RETURNS bigint
LANGUAGE plpgsql SET timezone TO 'UTC' SET jit TO off SET enable_seqscan TO off AS $$
DECLARE
	since  timestamptz := day;
	stored bigint;
BEGIN
	DELETE FROM day_profiles AS p WHERE p.day = fill_day.day;
	INSERT INTO day_profiles (day, sensor_id, metric_id, hours, mean, sigma, flat, shape)
	SELECT fill_day.day, s.sensor_id, s.metric_id, cardinality(s.present), p.*
	FROM (
		SELECT h.sensor_id, h.metric_id, array_agg(h.hour ORDER BY h.hour) AS present,
		       array_agg(h.mean ORDER BY h.hour) AS means
		FROM profile_hours AS h
		WHERE h.bucket >= since AND h.bucket < since + interval '24 hours'
		GROUP BY h.sensor_id, h.metric_id
	) AS s
	CROSS JOIN LATERAL profile_of(s.present, s.means) AS p
	ORDER BY s.sensor_id, s.metric_id;
	GET DIAGNOSTICS stored = ROW_COUNT;
	RETURN stored;
END
$$;

-- Fills the days from `since` to before `upto` that are not filled yet; and once more those before
-- `settled`, where it filled them before they were. Stops after the day that makes it `most` profiles
-- or more. Returns their number.
CREATE FUNCTION fill_profiles(since date, upto date, settled date, most bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
	state  profile_state;
	next   date;
	stored bigint := 0;
BEGIN
	SELECT * INTO state FROM profile_state;
	next := greatest(since, state.settled_to);
	WHILE next < upto AND stored < most LOOP
		IF next >= settled AND next < state.filled_to THEN
			next := state.filled_to;
		END IF;
		next := next_profile_day(next, upto);
		IF next < upto THEN
			stored := stored + fill_day(next);
			next := next + 1;
		END IF;
		state.filled_to := greatest(state.filled_to, next);
		state.settled_to := greatest(state.settled_to, least(next, settled));
	END LOOP;
	UPDATE profile_state SET filled_to = state.filled_to, settled_to = state.settled_to;
	RETURN stored;
END
$$;

-- Fills the profiles again that are noted, for at most so many notes, and takes these away; those of
-- a time whose readings may be gone stay as they are, as their hours do. Returns how many it filled.
CREATE FUNCTION refill_profiles(most bigint) RETURNS bigint
LANGUAGE plpgsql SET timezone TO 'UTC' SET jit TO off SET enable_seqscan TO off AS $$
DECLARE
	noted  record;
	stored bigint;
BEGIN
	WITH taken AS (
		DELETE FROM profile_notes
		WHERE ctid = ANY (ARRAY(SELECT ctid FROM profile_notes LIMIT most))
		RETURNING day, sensor_id, metric_id
	)
	SELECT array_agg(t.day) AS days, array_agg(t.sensor_id) AS sensors,
	       array_agg(t.metric_id) AS metrics
	INTO noted
	FROM (SELECT DISTINCT * FROM taken) AS t
	WHERE t.day >= (SELECT raw_from FROM rollup_state);

	DELETE FROM day_profiles AS p
	USING unnest(noted.days, noted.sensors, noted.metrics) AS k (day, sensor, metric)
	WHERE (p.sensor_id, p.metric_id, p.day) = (k.sensor, k.metric, k.day);
	INSERT INTO day_profiles (day, sensor_id, metric_id, hours, mean, sigma, flat, shape)
	SELECT k.day, k.sensor, k.metric, cardinality(s.present), p.*
	FROM unnest(noted.days, noted.sensors, noted.metrics) AS k (day, sensor, metric)
	CROSS JOIN LATERAL (
		SELECT array_agg(h.hour ORDER BY h.hour) AS present,
		       array_agg(h.mean ORDER BY h.hour) AS means
		FROM profile_hours AS h
		WHERE h.sensor_id = k.sensor AND h.metric_id = k.metric
		AND h.bucket >= k.day::timestamptz AND h.bucket < k.day::timestamptz + interval '24 hours'
	) AS s
	CROSS JOIN LATERAL profile_of(s.present, s.means) AS p;
	GET DIAGNOSTICS stored = ROW_COUNT;
	RETURN stored;
END
$$;

-- Who takes notes of late readings away has their profiles filled again.
CREATE FUNCTION note_profiles() RETURNS trigger
LANGUAGE plpgsql SET timezone TO 'UTC' AS $$
BEGIN
	INSERT INTO profile_notes (day, sensor_id, metric_id)
	SELECT DISTINCT g.bucket::date, g.sensor_id, g.metric_id
	FROM gone AS g, profile_state AS s
	WHERE g.bucket::date < s.filled_to;
	RETURN NULL;
END
$$;
