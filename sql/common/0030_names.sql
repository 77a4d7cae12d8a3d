-- The tables again with names instead of ids, for people and for Grafana.

CREATE VIEW readings AS
SELECT r.time, s.type, s.name AS sensor, m.name AS metric, r.value, m.unit, r.quality
FROM sensor_readings AS r
JOIN sensors AS s USING (sensor_id)
JOIN metrics AS m USING (metric_id);
COMMENT ON VIEW readings IS 'sensor_readings by name';

CREATE VIEW readings_text AS
SELECT t.time, s.type, s.name AS sensor, m.name AS metric, t.value, t.quality
FROM sensor_texts AS t
JOIN sensors AS s USING (sensor_id)
JOIN metrics AS m USING (metric_id);
COMMENT ON VIEW readings_text IS 'sensor_texts by name';

CREATE VIEW readings_latest AS
SELECT l.time, s.type, s.name AS sensor, m.name AS metric, l.value, m.unit, l.quality
FROM series_latest AS l
JOIN sensors AS s USING (sensor_id)
JOIN metrics AS m USING (metric_id);
COMMENT ON VIEW readings_latest IS 'the latest reading of every series, by name';

-- Mean and sample standard deviation from sums. Rounding can leave a tiny negative variance: 0.
CREATE VIEW readings_by_hour AS
SELECT h.bucket AS hour, s.type, s.name AS sensor, m.name AS metric, m.unit,
       h.count,
       h.sum / nullif(h.count, 0) AS avg,
       CASE WHEN h.count > 1 THEN
           sqrt(greatest(h.sum_of_squares - h.sum * (h.sum / h.count), 0) / (h.count - 1))
       END AS stddev,
       h.min, h.max, h.first, h.last, h.sum, h.failed
FROM readings_hourly AS h
JOIN sensors AS s USING (sensor_id)
JOIN metrics AS m USING (metric_id);
COMMENT ON VIEW readings_by_hour IS 'readings_hourly by name, with mean and standard deviation';

CREATE VIEW readings_by_day AS
SELECT d.bucket AS day, s.type, s.name AS sensor, m.name AS metric, m.unit,
       d.count,
       d.sum / nullif(d.count, 0) AS avg,
       CASE WHEN d.count > 1 THEN
           sqrt(greatest(d.sum_of_squares - d.sum * (d.sum / d.count), 0) / (d.count - 1))
       END AS stddev,
       d.min, d.max, d.first, d.last, d.sum, d.failed
FROM readings_daily AS d
JOIN sensors AS s USING (sensor_id)
JOIN metrics AS m USING (metric_id);
COMMENT ON VIEW readings_by_day IS 'readings_daily by name, with mean and standard deviation';
