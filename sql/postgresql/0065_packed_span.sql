-- reading_span() sees packed readings, too.

-- The least `low` and the highest `high` of the partitions of a table: of the default one, and from
-- either end of the first that holds a row. The others are not opened.
CREATE FUNCTION span_of(parent regclass, low text, high text,
                        OUT oldest timestamptz, OUT newest timestamptz)
LANGUAGE plpgsql STABLE AS $$
DECLARE
	days  regclass[];
	bound timestamptz;
BEGIN
	SELECT array_agg(c.oid::regclass ORDER BY c.relname) INTO days
	FROM pg_inherits AS i
	JOIN pg_class AS c ON c.oid = i.inhrelid
	WHERE i.inhparent = parent AND c.relname ~ '_\d{8}$';

	FOR i IN 1 .. coalesce(cardinality(days), 0) LOOP
		EXECUTE format('SELECT min(%I) FROM %s', low, days[i]) INTO oldest;
		EXIT WHEN oldest IS NOT NULL;
	END LOOP;
	FOR i IN REVERSE coalesce(cardinality(days), 0) .. 1 LOOP
		EXECUTE format('SELECT max(%I) FROM %s', high, days[i]) INTO newest;
		EXIT WHEN newest IS NOT NULL;
	END LOOP;
END
$$;

CREATE OR REPLACE FUNCTION reading_span() RETURNS TABLE (oldest timestamptz, newest timestamptz)
LANGUAGE sql STABLE AS $$
	SELECT least(loose.oldest, packed.oldest, rest.oldest),
	       greatest(loose.newest, packed.newest, rest.newest)
	FROM span_of('sensor_readings', 'time', 'time') AS loose,
	     span_of('packed_readings', 'first_time', 'last_time') AS packed,
	     (SELECT min(time) AS oldest, max(time) AS newest FROM sensor_readings_default) AS rest
$$;
