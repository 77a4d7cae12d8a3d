-- roll_up_late() makes sure of what is so after note_touched(), but not after a note that somebody made
-- by hand: that the readings of the hours which it computes again are loose.

-- Computes again the buckets of one day (UTC) that late readings touched, and takes their notes
-- away. Notes of hours that are not yet stored are taken away too: when their turn comes the
-- readings are there. Readings of a time of which others may be gone already come too late. Returns
-- the number of hourly buckets.
CREATE OR REPLACE FUNCTION roll_up_late(day timestamptz) RETURNS bigint
LANGUAGE plpgsql SET timezone TO 'UTC' SET jit TO off SET enable_seqscan TO off AS $$
DECLARE
	hours   timestamptz[];
	sensors int[];
	metrics smallint[];
BEGIN
	WITH noted AS (
		DELETE FROM touched_hours AS t
		WHERE t.bucket >= day AND t.bucket < day + interval '1 day'
		RETURNING t.bucket, t.sensor_id, t.metric_id
	)
	SELECT array_agg(n.bucket), array_agg(n.sensor_id), array_agg(n.metric_id)
	INTO hours, sensors, metrics
	FROM (SELECT DISTINCT * FROM noted) AS n, rollup_state AS s
	WHERE n.bucket >= s.raw_from AND n.bucket < s.hourly_to;
	PERFORM loosen_hours(hours, sensors, metrics);

	DELETE FROM rollup_hourly AS h
	USING unnest(hours, sensors, metrics) AS k (hour, sensor, metric)
	WHERE (h.sensor_id, h.metric_id, h.bucket) = (k.sensor, k.metric, k.hour);
	INSERT INTO rollup_hourly
	SELECT k.hour, k.sensor, k.metric, r.*
	FROM unnest(hours, sensors, metrics) AS k (hour, sensor, metric)
	CROSS JOIN LATERAL roll_up_hour(k.hour, k.sensor, k.metric) AS r
	WHERE r.count + r.failed > 0;

	IF day < (SELECT daily_to FROM rollup_state) THEN
		DELETE FROM rollup_daily AS d
		USING (SELECT DISTINCT * FROM unnest(sensors, metrics)) AS k (sensor, metric)
		WHERE (d.sensor_id, d.metric_id, d.bucket) = (k.sensor, k.metric, day);
		INSERT INTO rollup_daily
		SELECT day, k.sensor, k.metric, r.*
		FROM (SELECT DISTINCT * FROM unnest(sensors, metrics)) AS k (sensor, metric)
		CROSS JOIN LATERAL roll_up_day(day, k.sensor, k.metric) AS r
		WHERE r.count + r.failed > 0;
	END IF;
	RETURN coalesce(cardinality(hours), 0);
END
$$;
