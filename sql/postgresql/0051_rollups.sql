-- Rollups that are stored, and right at any time: buckets before rollup_state.hourly_to and
-- daily_to are read from the tables here, those after them are computed from what is below them.
-- `tsdb-admin maintain` stores the hours that are over.
--
-- The key serves what dashboards ask for: one series over a span of time. Rows come in order of
-- time, so that a BRIN index, which costs next to nothing, finds one span of time of all series.

CREATE TABLE rollup_hourly (
	bucket         timestamptz NOT NULL,
	sensor_id      int NOT NULL,
	metric_id      smallint NOT NULL,
	count          bigint NOT NULL,
	sum            float8,
	min            float8,
	max            float8,
	first          float8,
	last           float8,
	sum_of_squares float8,
	failed         bigint NOT NULL,
	PRIMARY KEY (sensor_id, metric_id, bucket)
) PARTITION BY RANGE (bucket);
CREATE INDEX ON rollup_hourly USING brin (bucket) WITH (autosummarize = on);
CREATE TABLE rollup_hourly_default PARTITION OF rollup_hourly DEFAULT;
COMMENT ON TABLE rollup_hourly IS 'stored part of readings_hourly';

CREATE TABLE rollup_daily (LIKE rollup_hourly, PRIMARY KEY (sensor_id, metric_id, bucket))
PARTITION BY RANGE (bucket);
CREATE INDEX ON rollup_daily USING brin (bucket) WITH (autosummarize = on);
CREATE TABLE rollup_daily_default PARTITION OF rollup_daily DEFAULT;
COMMENT ON TABLE rollup_daily IS 'stored part of readings_daily';

-- One row; only maintain changes it. Readings before raw_from may be gone, all or some of them:
-- rollups of that time are never computed again.
CREATE TABLE rollup_state (
	one_row   boolean PRIMARY KEY DEFAULT true CHECK (one_row),
	hourly_to timestamptz NOT NULL DEFAULT '-infinity',
	daily_to  timestamptz NOT NULL DEFAULT '-infinity',
	raw_from  timestamptz NOT NULL DEFAULT '-infinity'
);
COMMENT ON TABLE rollup_state IS 'how far rollups are stored; one row';
INSERT INTO rollup_state DEFAULT VALUES;

-- The subqueries are evaluated once, before the scans: partitions that lie before (or behind) the
-- limit are not opened.
CREATE OR REPLACE VIEW readings_hourly AS
SELECT bucket, sensor_id, metric_id, count, sum, min, max, first, last, sum_of_squares, failed
FROM rollup_hourly
WHERE bucket < (SELECT hourly_to FROM rollup_state)
UNION ALL
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
WHERE time >= (SELECT hourly_to FROM rollup_state)
GROUP BY 1, 2, 3;

CREATE OR REPLACE VIEW readings_daily AS
SELECT bucket, sensor_id, metric_id, count, sum, min, max, first, last, sum_of_squares, failed
FROM rollup_daily
WHERE bucket < (SELECT daily_to FROM rollup_state)
UNION ALL
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
WHERE bucket >= (SELECT daily_to FROM rollup_state)
GROUP BY 1, 2, 3;

-- Makes the partition of one month (UTC) of a table of rollups, named TABLE_YYYYMM, unless there is
-- one. The rows of that month that the default partition holds move with it; readers wait for that.
CREATE FUNCTION make_month(parent text, month date) RETURNS boolean
LANGUAGE plpgsql SET timezone TO 'UTC' AS $$
DECLARE
	first     timestamptz := date_trunc('month', month::timestamptz);
	last      timestamptz := first + interval '1 month';
	partition text := parent || to_char(first, '"_"YYYYMM');
	rest      text := parent || '_default';
BEGIN
	IF to_regclass(quote_ident(partition)) IS NOT NULL THEN
		RETURN false;
	END IF;
	EXECUTE format('LOCK TABLE %I IN SHARE ROW EXCLUSIVE MODE', parent);
	EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', partition, parent);
	EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', rest);
	EXECUTE format('WITH moved AS (DELETE FROM %I WHERE bucket >= %L AND bucket < %L RETURNING *)
	                INSERT INTO %I SELECT * FROM moved', rest, first, last, partition);
	EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
	               parent, partition, first, last);
	RETURN true;
END
$$;
