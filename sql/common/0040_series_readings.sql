-- The way in for raw readings by id. Who reads readings through this view, and not from
-- sensor_readings, need not know in what form days are kept.
CREATE VIEW series_readings AS
SELECT sensor_id, metric_id, time, value, quality
FROM sensor_readings;
COMMENT ON VIEW series_readings IS 'every stored number by series, in whatever form it is kept';
