-- Times of the oldest and the newest reading; null when there is none. The key does not begin with
-- the time, so this reads whole chunks: from either end the first that holds a row.
CREATE FUNCTION reading_span() RETURNS TABLE (oldest timestamptz, newest timestamptz)
LANGUAGE plpgsql STABLE AS $$
DECLARE
	days regclass[];
BEGIN
	SELECT array_agg(format('%I.%I', c.chunk_schema, c.chunk_name)::regclass
	                 ORDER BY c.range_start) INTO days
	FROM timescaledb_information.chunks AS c
	WHERE format('%I.%I', c.hypertable_schema, c.hypertable_name)::regclass
	      = 'sensor_readings'::regclass;

	FOR i IN 1 .. coalesce(cardinality(days), 0) LOOP
		EXECUTE format('SELECT min(time) FROM %s', days[i]) INTO oldest;
		EXIT WHEN oldest IS NOT NULL;
	END LOOP;
	FOR i IN REVERSE coalesce(cardinality(days), 0) .. 1 LOOP
		EXECUTE format('SELECT max(time) FROM %s', days[i]) INTO newest;
		EXIT WHEN newest IS NOT NULL;
	END LOOP;
	RETURN NEXT;
END
$$;
