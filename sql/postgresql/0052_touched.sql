-- Late readings: which stored buckets they touch.
--
-- A writer calls note_touched() in the transaction of its rows with the hours and series of them;
-- those whose hour is over are noted. It only appends, so writers never wait for each other here,
-- and one bucket may be noted many times. `tsdb-admin maintain` takes the notes it sees away and
-- computes those buckets again, in one transaction: a crash leaves both undone. It sees a note no
-- sooner than the rows it speaks of; notes committed later wait for the next time.
--
-- Rows of an hour that was not over when they were noted are found when that hour is stored.
-- maintain does that an hour after the hour's end, by the same clock of this server: the writer's
-- transaction has then had an hour to commit since the call. One that takes longer, or a clock set
-- forward meanwhile, leaves that rollup without its rows until something notes the bucket again.

CREATE TABLE touched_hours (
	bucket    timestamptz NOT NULL,
	sensor_id int NOT NULL,
	metric_id smallint NOT NULL
);
COMMENT ON TABLE touched_hours IS 'buckets of rollups to be computed again; see note_touched()';

-- A role that writes needs INSERT on touched_hours. The times may lie anywhere in their hours.
CREATE FUNCTION note_touched(buckets timestamptz[], sensors int[], metrics smallint[]) RETURNS void
LANGUAGE sql AS $$
	INSERT INTO touched_hours (bucket, sensor_id, metric_id)
	SELECT DISTINCT date_trunc('hour', t.bucket, 'UTC'), t.sensor_id, t.metric_id
	FROM unnest(buckets, sensors, metrics) AS t (bucket, sensor_id, metric_id)
	WHERE date_trunc('hour', t.bucket, 'UTC') + interval '1 hour' <= clock_timestamp()
$$;
