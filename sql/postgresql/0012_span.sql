-- Times of the oldest and the newest reading; null when there is none. The key does not begin with
-- the time, so this reads whole partitions: the default one, and from either end the first that
-- holds a row.
CREATE FUNCTION reading_span() RETURNS TABLE (oldest timestamptz, newest timestamptz)
LANGUAGE plpgsql STABLE AS $$
DECLARE
	days regclass[];
	day  regclass;
	low  timestamptz;
	high timestamptz;
BEGIN
	SELECT array_agg(c.oid::regclass ORDER BY pg_get_expr(c.relpartbound, c.oid)) INTO days
	FROM pg_inherits AS i
	JOIN pg_class AS c ON c.oid = i.inhrelid
	WHERE i.inhparent = 'sensor_readings'::regclass
	AND c.oid <> 'sensor_readings_default'::regclass;

	SELECT min(d.time), max(d.time) INTO oldest, newest FROM sensor_readings_default AS d;
	FOREACH day IN ARRAY coalesce(days, '{}') LOOP
		EXECUTE format('SELECT min(time) FROM %s', day) INTO low;
		EXIT WHEN low IS NOT NULL;
	END LOOP;
	FOR i IN REVERSE coalesce(cardinality(days), 0) .. 1 LOOP
		EXECUTE format('SELECT max(time) FROM %s', days[i]) INTO high;
		EXIT WHEN high IS NOT NULL;
	END LOOP;
	oldest := least(oldest, low);
	newest := greatest(newest, high);
	RETURN NEXT;
END
$$;
