-- What profiles are filled from. An hour's mean of less than 1e-100 is 0: a quotient that is too small
-- for a float would be an error.
CREATE VIEW profile_hours AS
SELECT bucket, sensor_id, metric_id, extract(hour FROM bucket AT TIME ZONE 'UTC')::int AS hour,
       CASE WHEN abs(sum) < 1e-100 THEN 0 ELSE sum / count END AS mean
FROM rollup_hourly
WHERE count > 0;
COMMENT ON VIEW profile_hours IS 'hours that are stored, as day_profiles needs them';

-- The first day from `since` on and before `upto` of which there are daily rollups, else `upto`. Goes
-- from month to month, as long as there is none.
CREATE FUNCTION next_profile_day(since date, upto date) RETURNS date
LANGUAGE plpgsql STABLE SET timezone TO 'UTC' SET enable_seqscan TO off AS $$
DECLARE
	stray timestamptz;
	next  timestamptz;
	month regclass;
BEGIN
	SELECT min(bucket) INTO stray FROM rollup_daily_default WHERE bucket >= since AND bucket < upto;
	FOR month IN
		SELECT c.oid
		FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
		WHERE i.inhparent = 'rollup_daily'::regclass
		AND substring(c.relname FROM '_(\d{6})$') >= CASE WHEN isfinite(since) THEN to_char(since, 'YYYYMM')
		                                                 ELSE '' END
		ORDER BY c.relname
	LOOP
		EXECUTE format('SELECT min(bucket) FROM %s WHERE bucket >= %L AND bucket < %L', month, since, upto)
		INTO next;
		EXIT WHEN next IS NOT NULL;
	END LOOP;
	RETURN least(stray, next, upto);
END
$$;

CREATE TRIGGER note_profiles AFTER DELETE ON touched_hours
REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION note_profiles();
