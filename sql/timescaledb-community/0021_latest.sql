-- The latest reading of every series, by id.
--
-- Which series there are, the daily rollup knows; the latest reading of each is then one probe into
-- the newest chunk, and further back only for series that have fallen silent. (A walk along the key,
-- as on the other engines, would have to unpack every compressed chunk.)
CREATE VIEW series_latest AS
SELECT s.sensor_id, s.metric_id, r.time, r.value, r.quality
FROM (SELECT DISTINCT sensor_id, metric_id FROM readings_daily) AS s
CROSS JOIN LATERAL (
	SELECT time, value, quality
	FROM sensor_readings
	WHERE sensor_id = s.sensor_id AND metric_id = s.metric_id
	ORDER BY time DESC
	LIMIT 1
) AS r;
