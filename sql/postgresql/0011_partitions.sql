-- Makes the partition of one day of one table, named TABLE_YYYYMMDD, unless there is one.
--
-- The rows of that day that the default partition holds move with it. Writers of the table wait
-- until the transaction is over: one that had already chosen the default partition for its row would
-- fail. Readers wait only while the default partition gives up the day.
CREATE FUNCTION make_partition(parent text, day date) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
	partition text := parent || to_char(day, '"_"YYYYMMDD');
	rest      text := parent || '_default';
	first     timestamptz := day::timestamp AT TIME ZONE 'UTC';
	last      timestamptz := (day + 1)::timestamp AT TIME ZONE 'UTC';
BEGIN
	IF to_regclass(quote_ident(partition)) IS NOT NULL THEN
		RETURN false;
	END IF;
	EXECUTE format('LOCK TABLE %I IN SHARE ROW EXCLUSIVE MODE', parent);
	EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', partition, parent);
	EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', rest);
	EXECUTE format('WITH moved AS (DELETE FROM %I WHERE time >= %L AND time < %L RETURNING *)
	                INSERT INTO %I SELECT * FROM moved', rest, first, last, partition);
	EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
	               parent, partition, first, last);
	RETURN true;
END
$$;

-- Makes the partitions of all days from first to last, both included, at most 10 years in one call.
-- Returns how many were made. Safe to be called by several at once.
CREATE FUNCTION make_partitions(first date, last date) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
	made int := 0;
	day  date;
BEGIN
	IF last - first >= 3660 THEN
		RAISE EXCEPTION 'from % to % are more than 3660 days', first, last
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	PERFORM pg_advisory_xact_lock(hashtext('sensorpipe make_partitions'));
	-- First all of one table, then all of the other, in the order in which tsdb-copy writes them.
	FOR day IN SELECT first + n FROM generate_series(0, last - first) AS n LOOP
		made := made + make_partition('sensor_readings', day)::int;
	END LOOP;
	FOR day IN SELECT first + n FROM generate_series(0, last - first) AS n LOOP
		made := made + make_partition('sensor_texts', day)::int;
	END LOOP;
	RETURN made;
END
$$;
