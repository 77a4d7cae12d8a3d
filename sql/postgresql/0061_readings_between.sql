-- The ways in, of readings in whatever form.
--
-- By time: readings_between(). The planner sees through it, and opens only the days that it is
-- about. The views are right for any query, but no planner knows that the times which unpacking
-- makes lie in their day: for a condition on the time alone, they unpack everything.

-- Half open: `since` belongs to it, `upto` does not. (The beginning of its day, computed without a time
-- zone, is known when a statement is planned.)
CREATE FUNCTION readings_between(since timestamptz, upto timestamptz)
RETURNS TABLE (sensor_id int, metric_id smallint, "time" timestamptz, value float8, quality smallint)
LANGUAGE sql STABLE AS $$
	SELECT s.sensor_id, s.metric_id, s.time, s.value, s.quality
	FROM sensor_readings AS s
	WHERE s.time >= since AND s.time < upto
	UNION ALL
	SELECT u.sensor_id, u.metric_id, u.time, u.value, u.quality
	FROM unpacked_readings AS u
	WHERE u.first_time < upto AND u.last_time >= since
	AND u.first_time >= date_trunc('day', since AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
	AND u.time >= since AND u.time < upto
$$;

CREATE OR REPLACE VIEW series_readings AS
SELECT sensor_id, metric_id, time, value, quality
FROM sensor_readings
UNION ALL
SELECT sensor_id, metric_id, time, value, quality
FROM unpacked_readings;

-- By name. Each form is joined with the names by itself: so the key finds what conditions on them ask
-- for, rows or what is to be unpacked.
CREATE FUNCTION named_readings_between(since timestamptz, upto timestamptz)
RETURNS TABLE ("time" timestamptz, type text, sensor text, metric text, value float8, unit text,
               quality smallint)
LANGUAGE sql STABLE AS $$
	SELECT r.time, s.type, s.name, m.name, r.value, m.unit, r.quality
	FROM sensor_readings AS r
	JOIN sensors AS s USING (sensor_id)
	JOIN metrics AS m USING (metric_id)
	WHERE r.time >= since AND r.time < upto
	UNION ALL
	SELECT u.time, s.type, s.name, m.name, u.value, m.unit, u.quality
	FROM unpacked_readings AS u
	JOIN sensors AS s USING (sensor_id)
	JOIN metrics AS m USING (metric_id)
	WHERE u.first_time < upto AND u.last_time >= since
	AND u.first_time >= date_trunc('day', since AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
	AND u.time >= since AND u.time < upto
$$;

CREATE OR REPLACE VIEW readings AS
SELECT r.time, s.type, s.name AS sensor, m.name AS metric, r.value, m.unit, r.quality
FROM sensor_readings AS r
JOIN sensors AS s USING (sensor_id)
JOIN metrics AS m USING (metric_id)
UNION ALL
SELECT u.time, s.type, s.name, m.name, u.value, m.unit, u.quality
FROM unpacked_readings AS u
JOIN sensors AS s USING (sensor_id)
JOIN metrics AS m USING (metric_id);
COMMENT ON VIEW readings IS 'series_readings by name';
