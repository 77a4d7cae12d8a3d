-- As on the engine postgresql: what profiles are filled from.
CREATE VIEW profile_hours AS
SELECT bucket, sensor_id, metric_id, extract(hour FROM bucket AT TIME ZONE 'UTC')::int AS hour,
       CASE WHEN abs(sum) < 1e-100 THEN 0 ELSE sum / count END AS mean
FROM readings_hourly
WHERE count > 0;
COMMENT ON VIEW profile_hours IS 'hours as day_profiles needs them';

-- The first day from `since` on and before `upto` of which there are hours, else `upto`. What is
-- materialized of them has an index on the time.
CREATE FUNCTION next_profile_day(since date, upto date) RETURNS date
LANGUAGE plpgsql STABLE SET timezone TO 'UTC' AS $$
DECLARE
	stored text := (SELECT format('%I.%I', materialization_hypertable_schema,
	                              materialization_hypertable_name)
	                FROM timescaledb_information.continuous_aggregates
	                WHERE format('%I.%I', view_schema, view_name)::regclass
	                      = 'readings_hourly'::regclass);
	next   timestamptz;
BEGIN
	EXECUTE format('SELECT bucket FROM %s WHERE bucket >= %L AND bucket < %L ORDER BY bucket LIMIT 1',
	               stored, since::timestamptz, upto::timestamptz)
	INTO next;
	RETURN least(next, upto);
END
$$;

CREATE TRIGGER note_profiles AFTER DELETE ON touched_hours
REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION note_profiles();

-- Materializes the hours that profiles are to be filled from, without those whose readings may be
-- gone: the days that are not filled for good yet, and those that are noted. To be called outside of a
-- transaction.
CREATE PROCEDURE refresh_for_profiles(upto date)
LANGUAGE plpgsql AS $$
DECLARE
	since date;
	day   date;
BEGIN
	SELECT greatest(r.raw_from, p.settled_to)::date INTO since FROM rollup_state AS r, profile_state AS p;
	IF since < upto THEN
		CALL refresh_continuous_aggregate('readings_hourly', since::timestamptz, upto::timestamptz);
	END IF;
	FOR day IN
		SELECT DISTINCT n.day FROM profile_notes AS n, rollup_state AS r
		WHERE n.day >= r.raw_from AND n.day < since
	LOOP
		COMMIT;
		CALL refresh_continuous_aggregate('readings_hourly', day::timestamptz, (day + 1)::timestamptz);
	END LOOP;
END
$$;
