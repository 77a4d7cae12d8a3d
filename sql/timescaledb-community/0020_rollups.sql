-- Rollups by hour and, on top of them, by day: continuous aggregates, real time (what is not yet
-- materialized is computed from the readings when it is asked for).
--
-- Buckets begin at full hours and days of UTC. Readings flagged 4 (fail) or 9 (missing), and values
-- beyond +-1e100, whose squares could not be added up, are only counted, as `failed`; a bucket of
-- nothing else has count 0 and nulls.

CREATE MATERIALIZED VIEW readings_hourly
WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT time_bucket(interval '1 hour', time) AS bucket,
       sensor_id,
       metric_id,
       count(*) FILTER (WHERE quality < 4 AND abs(value) < 1e100) AS count,
       sum(value) FILTER (WHERE quality < 4 AND abs(value) < 1e100) AS sum,
       min(value) FILTER (WHERE quality < 4 AND abs(value) < 1e100) AS min,
       max(value) FILTER (WHERE quality < 4 AND abs(value) < 1e100) AS max,
       first(value, time) FILTER (WHERE quality < 4 AND abs(value) < 1e100) AS first,
       last(value, time) FILTER (WHERE quality < 4 AND abs(value) < 1e100) AS last,
       sum(value * value) FILTER (WHERE quality < 4 AND abs(value) < 1e100) AS sum_of_squares,
       count(*) FILTER (WHERE NOT (quality < 4 AND abs(value) < 1e100)) AS failed
FROM sensor_readings
GROUP BY 1, 2, 3
WITH NO DATA;

CREATE MATERIALIZED VIEW readings_daily
WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT time_bucket(interval '1 day', bucket) AS bucket,
       sensor_id,
       metric_id,
       sum(count)::bigint AS count,
       sum(sum) AS sum,
       min(min) AS min,
       max(max) AS max,
       first(first, bucket) FILTER (WHERE count > 0) AS first,
       last(last, bucket) FILTER (WHERE count > 0) AS last,
       sum(sum_of_squares) AS sum_of_squares,
       sum(failed)::bigint AS failed
FROM readings_hourly
GROUP BY 1, 2, 3
WITH NO DATA;
