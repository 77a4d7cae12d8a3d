-- Packing, by `tsdb-admin maintain`: slice by slice, each a short transaction.

-- Makes the partition of a day (UTC), named packed_readings_YYYYMMDD, unless there is one.
CREATE FUNCTION make_packed_partition(day date) RETURNS void
LANGUAGE plpgsql SET timezone TO 'UTC' AS $$
DECLARE
	partition text := 'packed_readings' || to_char(day, '"_"YYYYMMDD');
BEGIN
	IF to_regclass(quote_ident(partition)) IS NOT NULL THEN
		RETURN;
	END IF;
	-- Bytes are compressed where a row is larger than that.
	EXECUTE format('CREATE TABLE %I (LIKE packed_readings INCLUDING ALL)
	                WITH (toast_tuple_target = 128)', partition);
	EXECUTE format('ALTER TABLE %I ALTER times SET STATISTICS 0, ALTER numbers SET STATISTICS 0,
	                ALTER reals SET STATISTICS 0, ALTER floats SET STATISTICS 0,
	                ALTER qualities SET STATISTICS 0', partition);
	EXECUTE format('ALTER TABLE packed_readings ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
	               partition, day, day + 1);
END
$$;

-- By how many powers of ten a value is to be multiplied to be a whole number that, divided again, is
-- the value: at most 9; 99 where that does not help. Whole numbers have no -0.
CREATE FUNCTION decimals_of(value float8) RETURNS int
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE
		WHEN NOT abs(value) <= 1e15 THEN 99
		WHEN value = 0 THEN CASE float8send(value) WHEN '\x0000000000000000' THEN 0 ELSE 99 END
		WHEN round(value) = value THEN 0
		WHEN round(value * 1e1) / 1e1 = value THEN 1
		WHEN round(value * 1e2) / 1e2 = value THEN 2
		WHEN round(value * 1e3) / 1e3 = value THEN 3
		WHEN round(value * 1e4) / 1e4 = value THEN 4
		WHEN round(value * 1e5) / 1e5 = value THEN 5
		WHEN round(value * 1e6) / 1e6 = value THEN 6
		WHEN round(value * 1e7) / 1e7 = value THEN 7
		WHEN round(value * 1e8) / 1e8 = value THEN 8
		WHEN round(value * 1e9) / 1e9 = value THEN 9
		ELSE 99
	END
$$;

-- The row of readings of one series and day, in order of time; unpacked_readings undoes it.
CREATE FUNCTION pack_readings(sensor int, metric smallint, moments timestamptz[], vals float8[],
                              flags smallint[])
RETURNS packed_readings
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	p       packed_readings;
	shape   record;
	divisor float8;
BEGIN
	p.sensor_id := sensor;
	p.metric_id := metric;
	p.count := cardinality(moments);
	p.first_time := moments[1];
	p.last_time := moments[p.count];
	SELECT n.* INTO p.time_unit, p.time_step, p.times
	FROM pack_numbers(ARRAY(
		SELECT round(date_part('epoch', t - p.first_time) * 1e6)::bigint FROM unnest(moments) AS t
	)) AS n;

	SELECT max(decimals_of(v)) AS decimals, max(abs(v)) AS highest,
	       bool_and(CASE WHEN abs(v) BETWEEN 1e-30 AND 1e30 THEN v::real = v ELSE v = 0 END) AS real
	INTO shape
	FROM unnest(vals) AS v;
	IF shape.decimals < 99 THEN
		divisor := ('1e' || shape.decimals)::float8;
	END IF;
	IF shape.highest * divisor <= 1e15 THEN
		p.scale := shape.decimals;
		SELECT a.numbers[1], n.* INTO p.base, p.unit, p.step, p.numbers
		FROM (
			SELECT ARRAY(SELECT round(v * divisor)::bigint FROM unnest(vals) AS v) AS numbers
		) AS a
		CROSS JOIN LATERAL pack_numbers(a.numbers) AS n;
	ELSIF shape.real THEN
		p.reals := vals;
	ELSE
		p.floats := vals;
	END IF;

	p.quality := flags[1];
	IF p.quality <> ANY (flags) THEN
		p.qualities := flags;
	END IF;
	RETURN p;
END
$$;

-- One row: where the next slice of a day begins.
CREATE TABLE packing_state (
	one_row   boolean PRIMARY KEY DEFAULT true CHECK (one_row),
	day       date,
	sensor_id int,
	metric_id smallint,
	time      timestamptz
);
COMMENT ON TABLE packing_state IS 'how far the day at hand is packed; one row';
INSERT INTO packing_state DEFAULT VALUES;

-- Packs the loose readings of a day (UTC) from one key on up to another, which is not among them.
-- Returns their number. What is deleted is what comes out of the packed rows again, bit by bit;
-- unless that is all of it, nothing is done. (The planner knows little of either side: a nested loop
-- that it takes for cheap would run for minutes.)
CREATE FUNCTION pack_range(day date, sensor int, metric smallint, since timestamptz,
                           last_sensor int, last_metric smallint, upto timestamptz)
RETURNS bigint
LANGUAGE plpgsql SET timezone TO 'UTC' SET jit TO off SET enable_seqscan TO off
SET enable_nestloop TO off AS $$
DECLARE
	loose   text := 'sensor_readings' || to_char(day, '"_"YYYYMMDD');
	packed  bigint;
	deleted bigint;
BEGIN
	EXECUTE format('
		WITH made AS (
			INSERT INTO packed_readings
			SELECT p.*
			FROM (
				SELECT r.sensor_id, r.metric_id, array_agg(r.time) AS moments,
				       array_agg(r.value) AS vals, array_agg(r.quality) AS flags
				FROM (
					SELECT s.*
					FROM %I AS s
					WHERE (s.sensor_id, s.metric_id, s.time) >= ($1, $2, $3)
					AND (s.sensor_id, s.metric_id, s.time) < ($4, $5, $6)
					ORDER BY s.sensor_id, s.metric_id, s.time
				) AS r
				GROUP BY r.sensor_id, r.metric_id
			) AS s
			CROSS JOIN generate_series(1, cardinality(s.moments), 5000) AS at
			CROSS JOIN LATERAL pack_readings(s.sensor_id, s.metric_id, s.moments[at:at + 4999],
			                                 s.vals[at:at + 4999], s.flags[at:at + 4999]) AS p
			RETURNING count
		)
		SELECT coalesce(sum(count), 0) FROM made', loose)
	INTO packed USING sensor, metric, since, last_sensor, last_metric, upto;
	EXECUTE format('
		DELETE FROM %I AS s
		USING unpacked_readings AS u
		WHERE u.first_time >= %L AND u.first_time < %L
		AND (u.sensor_id, u.metric_id, u.first_time) >= ($1, $2, $3)
		AND (u.sensor_id, u.metric_id, u.first_time) < ($4, $5, $6)
		AND (s.sensor_id, s.metric_id, s.time) >= ($1, $2, $3)
		AND (s.sensor_id, s.metric_id, s.time) < ($4, $5, $6)
		AND s.sensor_id = u.sensor_id AND s.metric_id = u.metric_id AND s.time = u.time
		AND float8send(s.value) = float8send(u.value) AND s.quality = u.quality',
		loose, day, day + 1)
	USING sensor, metric, since, last_sensor, last_metric, upto;
	GET DIAGNOSTICS deleted = ROW_COUNT;
	IF deleted <> packed THEN
		RAISE EXCEPTION '% of % readings of % would not come back as they are',
			packed - deleted, packed, day
			USING ERRCODE = 'data_corrupted',
			HINT = 'Nothing was changed. Without packing: tsdb-admin policy set compress=never';
	END IF;
	RETURN packed;
END
$$;

-- Packed rows that are to be packed anew with loose readings of their series, from one series on up
-- to a key: those that loose ones lie among, and those that have room for more. Returns their number.
CREATE FUNCTION loosen_unfinished(day date, sensor int, metric smallint, last_sensor int,
                                  last_metric smallint, upto timestamptz) RETURNS bigint
LANGUAGE plpgsql SET timezone TO 'UTC' SET jit TO off SET enable_seqscan TO off AS $$
DECLARE
	found record;
BEGIN
	EXECUTE format('
		SELECT array_agg(p.sensor_id) AS sensors, array_agg(p.metric_id) AS metrics,
		       array_agg(p.first_time) AS first_times
		FROM packed_readings AS p
		WHERE p.first_time >= %L AND p.first_time < %L
		AND (p.sensor_id, p.metric_id) >= ($1, $2)
		AND (p.sensor_id, p.metric_id, p.first_time) < ($3, $4, $5)
		AND EXISTS (
			SELECT FROM %I AS s
			WHERE s.sensor_id = p.sensor_id AND s.metric_id = p.metric_id
			AND (p.count < 2500 OR s.time BETWEEN p.first_time AND p.last_time)
		)', day, day + 1, 'sensor_readings' || to_char(day, '"_"YYYYMMDD'))
	INTO found USING sensor, metric, last_sensor, last_metric, upto;
	RETURN loosen(day, found.sensors, found.metrics, found.first_times);
END
$$;

-- Packs the next slice of a day (UTC): whole series, of some 100,000 readings; a series that has more
-- is cut. Returns the number of readings; 0: there are no more, or they have to wait.
--
-- Readings wait until they are rolled up, late ones too. Where a time is both packed and loose, since
-- a writer did not call note_touched(), the loose reading stays.
CREATE FUNCTION pack_slice(day date) RETURNS bigint
LANGUAGE plpgsql SET timezone TO 'UTC' SET jit TO off SET enable_seqscan TO off AS $$
DECLARE
	next_key text := format('SELECT s.sensor_id, s.metric_id, s.time FROM %I AS s
		WHERE (s.sensor_id, s.metric_id, s.time) >= ($1, $2, $3)
		ORDER BY s.sensor_id, s.metric_id, s.time OFFSET $4 LIMIT 1',
		'sensor_readings' || to_char(day, '"_"YYYYMMDD'));
	low    record; -- the first key
	high   record; -- the first one after the slice
	packed bigint;
BEGIN
	PERFORM lock_day(day, true);
	IF to_regclass('sensor_readings' || to_char(day, '"_"YYYYMMDD')) IS NULL
	OR day >= (SELECT r.daily_to FROM rollup_state AS r)
	OR EXISTS (SELECT FROM touched_hours AS t WHERE t.bucket >= day AND t.bucket < day + 1) THEN
		RETURN 0;
	END IF;

	SELECT s.* INTO low FROM packing_state AS s WHERE s.day = pack_slice.day;
	EXECUTE next_key INTO low
	USING coalesce(low.sensor_id, -2147483648), coalesce(low.metric_id, smallint '-32768'),
	      coalesce(low.time, '-infinity'), 0;
	IF low.sensor_id IS NULL THEN
		UPDATE packing_state AS s SET day = NULL;
		RETURN 0;
	END IF;
	EXECUTE next_key INTO high USING low.sensor_id, low.metric_id, low.time, 100000;
	IF high.sensor_id IS NULL THEN
		SELECT 2147483647 AS sensor_id, smallint '32767' AS metric_id, timestamptz 'infinity' AS time
		INTO high;
	ELSIF (high.sensor_id, high.metric_id) <> (low.sensor_id, low.metric_id) THEN
		high.time := '-infinity';
	END IF;

	PERFORM make_packed_partition(day);
	IF loosen_unfinished(day, low.sensor_id, low.metric_id,
	                     high.sensor_id, high.metric_id, high.time) > 0 THEN
		low.time := '-infinity';
	END IF;
	packed := pack_range(day, low.sensor_id, low.metric_id, low.time,
	                     high.sensor_id, high.metric_id, high.time);
	UPDATE packing_state AS s
	SET day = pack_slice.day, sensor_id = high.sensor_id, metric_id = high.metric_id, time = high.time;
	RETURN packed;
END
$$;

-- Gives back the room of a partition of sensor_readings that has not a page left, as VACUUM leaves
-- one whose rows are gone for every reader: that of the index. Returns whether it did.
CREATE FUNCTION empty_partition(partition text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
	IF pg_relation_size(quote_ident(partition)) > 0 THEN
		RETURN false;
	END IF;
	EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', partition);
	IF pg_relation_size(quote_ident(partition)) > 0 THEN
		RETURN false;
	END IF;
	EXECUTE format('TRUNCATE %I', partition);
	RETURN true;
END
$$;
