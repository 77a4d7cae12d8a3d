-- Late readings: which hours they touch.
--
-- TimescaleDB notes by itself what the policies are to refresh, but they look only so far back as
-- their windows reach. Hours that lie further back are noted here, and `tsdb-admin maintain` has
-- them refreshed.
--
-- A writer calls note_touched() in the transaction of its rows with the hours and series of them.
-- It only appends, so writers never wait for each other here. Notes say which transaction they are
-- of, so that maintain takes away those alone that it saw before it refreshed.

CREATE TABLE touched_hours (
	bucket    timestamptz NOT NULL,
	sensor_id int NOT NULL,
	metric_id smallint NOT NULL,
	noted_by  xid8 NOT NULL DEFAULT pg_current_xact_id()
);
COMMENT ON TABLE touched_hours IS 'hours that may have to be refreshed; see note_touched()';

-- A role that writes needs INSERT on touched_hours. The times may lie anywhere in their hours.
-- Every window reaches back a day at least.
CREATE OR REPLACE FUNCTION note_touched(buckets timestamptz[], sensors int[], metrics smallint[])
RETURNS void
LANGUAGE sql AS $$
	INSERT INTO touched_hours (bucket, sensor_id, metric_id)
	SELECT DISTINCT date_trunc('hour', t.bucket, 'UTC'), t.sensor_id, t.metric_id
	FROM unnest(buckets, sensors, metrics) AS t (bucket, sensor_id, metric_id)
	WHERE t.bucket < clock_timestamp() - interval '24 hours'
$$;
