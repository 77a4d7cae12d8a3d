-- Readings of hours that are over are noted in touched_hours, in their own transaction. Whoever
-- takes notes away repairs the latest readings of their series: none is missed, however maintain
-- comes by its notes, and whenever it is killed.
CREATE FUNCTION repair_latest_of_notes() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM look_up_latest(array_agg(s.sensor_id), array_agg(s.metric_id))
	FROM (SELECT DISTINCT sensor_id, metric_id FROM gone) AS s;
	RETURN NULL;
END
$$;

CREATE TRIGGER repair_latest AFTER DELETE ON touched_hours
REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION repair_latest_of_notes();
