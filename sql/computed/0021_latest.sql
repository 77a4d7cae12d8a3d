-- The latest reading of every series, by id: one row a series, in one index probe each.
--
-- Which series there are is not written anywhere: the key (sensor_id, metric_id, time) knows. For
-- each sensor it is walked from its end: the last entry is the latest reading of the highest metric;
-- the last entry below that metric is the next one, and so on ("loose index scan"). Every step is
-- one probe into each partition, however many readings there are.
CREATE VIEW series_latest AS
SELECT s.sensor_id, r.metric_id, r.time, r.value, r.quality
FROM sensors AS s
CROSS JOIN LATERAL (
	WITH RECURSIVE walk AS (
		(SELECT metric_id, time, value, quality
		 FROM sensor_readings
		 WHERE sensor_id = s.sensor_id
		 ORDER BY metric_id DESC, time DESC
		 LIMIT 1)
		UNION ALL
		SELECT next.*
		FROM walk
		CROSS JOIN LATERAL (
			SELECT metric_id, time, value, quality
			FROM sensor_readings
			WHERE sensor_id = s.sensor_id AND metric_id < walk.metric_id
			ORDER BY metric_id DESC, time DESC
			LIMIT 1
		) AS next
	)
	SELECT * FROM walk
) AS r;
