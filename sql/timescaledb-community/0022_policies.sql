-- What TimescaleDB does by itself, in the background. `tsdb-admin status` shows whether it does.
--
--                     refreshed             compressed       dropped
--   sensor_readings                         after 7 days     after 90 days
--   sensor_texts                            after 7 days     after 90 days
--   readings_hourly   every 5 min, 30 days                   after 180 days
--   readings_daily    every 5 min, 60 days                   after 1 year
--
-- Refreshing reads only what changed since, so the wide windows cost nothing; they must end before
-- the rows below are dropped, or the refresh would take their rollups away too. Readings that come
-- later than that are stored but not rolled up: CALL refresh_continuous_aggregate() for their days.

ALTER TABLE sensor_readings SET (
	timescaledb.compress,
	timescaledb.compress_segmentby = 'sensor_id, metric_id',
	timescaledb.compress_orderby = 'time'
);
SELECT add_compression_policy('sensor_readings', interval '7 days');
SELECT add_retention_policy('sensor_readings', interval '90 days');

ALTER TABLE sensor_texts SET (
	timescaledb.compress,
	timescaledb.compress_segmentby = 'sensor_id, metric_id',
	timescaledb.compress_orderby = 'time'
);
SELECT add_compression_policy('sensor_texts', interval '7 days');
SELECT add_retention_policy('sensor_texts', interval '90 days');

SELECT add_continuous_aggregate_policy('readings_hourly',
	start_offset => interval '30 days',
	end_offset => interval '1 hour',
	schedule_interval => interval '5 minutes');
SELECT add_retention_policy('readings_hourly', interval '180 days');

SELECT add_continuous_aggregate_policy('readings_daily',
	start_offset => interval '60 days',
	end_offset => interval '1 day',
	schedule_interval => interval '5 minutes');
SELECT add_retention_policy('readings_daily', interval '1 year');
