-- Noting late readings, for less of the server's time: a load of old readings notes tens of thousands
-- of series with each batch. What was computed for each of them is computed once for all, or not at
-- all: tsdb-copy gives each hour of a series once, and an hour that is noted twice does no harm.

CREATE OR REPLACE FUNCTION note_touched(buckets timestamptz[], sensors int[], metrics smallint[])
RETURNS void
LANGUAGE sql AS $$
	INSERT INTO touched_hours (bucket, sensor_id, metric_id)
	SELECT date_trunc('hour', t.bucket, 'UTC'), t.sensor_id, t.metric_id
	FROM unnest(buckets, sensors, metrics) AS t (bucket, sensor_id, metric_id)
	WHERE t.bucket < (SELECT date_trunc('hour', clock_timestamp(), 'UTC'));
	SELECT loosen_hours(buckets, sensors, metrics);
	SELECT
$$;

-- As before; the series of a day are only looked at where it is packed.
CREATE OR REPLACE FUNCTION loosen_hours(hours timestamptz[], sensors int[], metrics smallint[])
RETURNS bigint
LANGUAGE plpgsql SET timezone TO 'UTC' AS $$
DECLARE
	today  timestamptz := date_trunc('day', clock_timestamp());
	day    date;
	given  record;
	found  record;
	opened bigint := 0;
BEGIN
	FOR day IN
		SELECT DISTINCT t.hour::date
		FROM unnest(hours) AS t (hour)
		WHERE t.hour < today AND isfinite(t.hour)
		ORDER BY 1
	LOOP
		PERFORM lock_day(day, false);
		CONTINUE WHEN to_regclass('packed_readings' || to_char(day, '"_"YYYYMMDD')) IS NULL;
		SELECT array_agg(t.hour) AS hours, array_agg(t.sensor) AS sensors,
		       array_agg(t.metric) AS metrics
		INTO given
		FROM unnest(hours, sensors, metrics) AS t (hour, sensor, metric)
		WHERE t.hour >= day AND t.hour < day + 1;
		EXECUTE format('
			SELECT array_agg(p.sensor_id) AS sensors, array_agg(p.metric_id) AS metrics,
			       array_agg(p.first_time) AS first_times
			FROM packed_readings AS p
			WHERE p.first_time >= %L AND p.first_time < %L AND EXISTS (
				SELECT FROM unnest($1, $2, $3) AS k (hour, sensor, metric)
				WHERE k.sensor = p.sensor_id AND k.metric = p.metric_id
				AND p.first_time < date_trunc(''hour'', k.hour) + interval ''1 hour''
				AND p.last_time >= date_trunc(''hour'', k.hour))',
			day, day + 1)
		INTO found USING given.hours, given.sensors, given.metrics;
		opened := opened + loosen(day, found.sensors, found.metrics, found.first_times);
	END LOOP;
	RETURN opened;
END
$$;

-- A function that is made anew has lost that it runs as the owner (0067_packed_rights).
DO $$
DECLARE
	place regnamespace := (SELECT relnamespace FROM pg_class
	                       WHERE oid = 'schema_migrations'::regclass);
	name  text;
BEGIN
	FOREACH name IN ARRAY ARRAY['note_touched', 'loosen_hours'] LOOP
		EXECUTE format('ALTER FUNCTION %s(timestamptz[], int[], smallint[]) '
		               'SECURITY DEFINER SET search_path TO %s, pg_temp', name, place);
	END LOOP;
END
$$;
