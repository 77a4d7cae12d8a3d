-- As on the engine postgresql, where it is more than a condition: readings by time, half open.
CREATE FUNCTION readings_between(since timestamptz, upto timestamptz)
RETURNS TABLE (sensor_id int, metric_id smallint, "time" timestamptz, value float8, quality smallint)
LANGUAGE sql STABLE AS $$
	SELECT s.sensor_id, s.metric_id, s.time, s.value, s.quality
	FROM sensor_readings AS s
	WHERE s.time >= since AND s.time < upto
$$;

CREATE FUNCTION named_readings_between(since timestamptz, upto timestamptz)
RETURNS TABLE ("time" timestamptz, type text, sensor text, metric text, value float8, unit text,
               quality smallint)
LANGUAGE sql STABLE AS $$
	SELECT r.*
	FROM readings AS r
	WHERE r.time >= since AND r.time < upto
$$;

-- What is compressed there is found as it is.
CREATE FUNCTION loosen_hours(hours timestamptz[], sensors int[], metrics smallint[]) RETURNS bigint
LANGUAGE sql AS $$
	SELECT 0::bigint
$$;
