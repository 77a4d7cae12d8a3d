-- readings_between() with names, as the view `readings`. Series by series, so that conditions on
-- names find readings by the key.
CREATE FUNCTION named_readings_between(since timestamptz, upto timestamptz)
RETURNS TABLE ("time" timestamptz, type text, sensor text, metric text, value float8, unit text,
               quality smallint)
LANGUAGE sql STABLE AS $$
	SELECT r.time, s.type, s.name, m.name, r.value, m.unit, r.quality
	FROM sensors AS s
	CROSS JOIN metrics AS m
	CROSS JOIN LATERAL (
		SELECT b.*
		FROM readings_between(since, upto) AS b
		WHERE b.sensor_id = s.sensor_id AND b.metric_id = m.metric_id
	) AS r
$$;
