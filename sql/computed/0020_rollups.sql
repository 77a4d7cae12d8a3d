-- Rollups by hour and day, computed from the readings when they are asked for.
--
-- For engines that do not keep them: always right, but as slow as reading the rows they are made
-- of. Buckets begin at full hours and days of UTC. Readings flagged 4 (fail) or 9 (missing), and
-- values beyond +-1e100, whose squares could not be added up, are only counted, as `failed`; a bucket
-- of nothing else has count 0 and nulls.

CREATE VIEW readings_hourly AS
SELECT date_trunc('hour', time, 'UTC') AS bucket,
       sensor_id,
       metric_id,
       count(*) FILTER (WHERE quality < 4 AND abs(value) < 1e100) AS count,
       sum(value) FILTER (WHERE quality < 4 AND abs(value) < 1e100) AS sum,
       min(value) FILTER (WHERE quality < 4 AND abs(value) < 1e100) AS min,
       max(value) FILTER (WHERE quality < 4 AND abs(value) < 1e100) AS max,
       (array_agg(value ORDER BY time)
        FILTER (WHERE quality < 4 AND abs(value) < 1e100))[1] AS first,
       (array_agg(value ORDER BY time DESC)
        FILTER (WHERE quality < 4 AND abs(value) < 1e100))[1] AS last,
       sum(value * value) FILTER (WHERE quality < 4 AND abs(value) < 1e100) AS sum_of_squares,
       count(*) FILTER (WHERE NOT (quality < 4 AND abs(value) < 1e100)) AS failed
FROM sensor_readings
GROUP BY 1, 2, 3;

CREATE VIEW readings_daily AS
SELECT date_trunc('day', bucket, 'UTC') AS bucket,
       sensor_id,
       metric_id,
       sum(count)::bigint AS count,
       sum(sum) AS sum,
       min(min) AS min,
       max(max) AS max,
       (array_agg(first ORDER BY bucket) FILTER (WHERE count > 0))[1] AS first,
       (array_agg(last ORDER BY bucket DESC) FILTER (WHERE count > 0))[1] AS last,
       sum(sum_of_squares) AS sum_of_squares,
       sum(failed)::bigint AS failed
FROM readings_hourly
GROUP BY 1, 2, 3;
