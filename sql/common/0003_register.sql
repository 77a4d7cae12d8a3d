-- Ids for names. Both functions give the ids in the order of the input, which may name one thing
-- several times, and register what is not yet known.
--
-- New ids are dense: the next one is the highest plus one, taken under an advisory lock that lasts
-- until the end of the transaction. So concurrent writers never give one name two ids, and no id is
-- burnt by a name that was known (as a sequence with ON CONFLICT would do). An id is good only once
-- the transaction that registered it has committed. To be called at isolation level READ COMMITTED:
-- the statement after the lock must see what its previous holder committed.

CREATE FUNCTION register_sensors(types text[], names text[], schemas int[])
RETURNS TABLE (sensor_id int)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
	-- Nearly every call finds something new: callers remember what they know.
	PERFORM pg_advisory_xact_lock(hashtext('sensorpipe register_sensors'));

	-- A schema version of null says nothing; of several the last one counts.
	UPDATE sensors AS s
	SET schema = given.schema
	FROM (
		SELECT DISTINCT ON (u.type, u.name) u.type, u.name, u.schema
		FROM unnest(types, names, schemas) WITH ORDINALITY AS u (type, name, schema, position)
		WHERE u.schema IS NOT NULL
		ORDER BY u.type, u.name, u.position DESC
	) AS given
	WHERE s.type = given.type AND s.name = given.name
	AND s.schema IS DISTINCT FROM given.schema;

	INSERT INTO sensors (sensor_id, type, name, schema)
	SELECT (SELECT coalesce(max(s.sensor_id), 0) FROM sensors AS s)
	       + row_number() OVER (ORDER BY given.position),
	       given.type, given.name, given.schema
	FROM (
		SELECT u.type, u.name, min(u.position) AS position,
		       (array_agg(u.schema ORDER BY u.position DESC)
		        FILTER (WHERE u.schema IS NOT NULL))[1] AS schema
		FROM unnest(types, names, schemas) WITH ORDINALITY AS u (type, name, schema, position)
		GROUP BY u.type, u.name
	) AS given
	WHERE NOT EXISTS (SELECT FROM sensors AS s WHERE s.type = given.type AND s.name = given.name);

	RETURN QUERY
	SELECT s.sensor_id
	FROM unnest(types, names) WITH ORDINALITY AS u (type, name, position)
	JOIN sensors AS s ON s.type = u.type AND s.name = u.name
	ORDER BY u.position;
END
$$;

CREATE FUNCTION register_metrics(names text[])
RETURNS TABLE (metric_id smallint)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	highest int;
	missing text[];
BEGIN
	PERFORM pg_advisory_xact_lock(hashtext('sensorpipe register_metrics'));

	SELECT coalesce(max(m.metric_id), 0) INTO highest FROM metrics AS m;
	SELECT array_agg(given.name ORDER BY given.position) INTO missing
	FROM (
		SELECT u.name, min(u.position) AS position
		FROM unnest(names) WITH ORDINALITY AS u (name, position)
		GROUP BY u.name
	) AS given
	WHERE NOT EXISTS (SELECT FROM metrics AS m WHERE m.name = given.name);

	IF highest + coalesce(cardinality(missing), 0) > 32767 THEN
		RAISE EXCEPTION 'no metric id is left for "%": all 32767 are used up',
			missing[32767 - highest + 1]
			USING ERRCODE = 'program_limit_exceeded',
			HINT = 'A name of a sensor or a number inside metric names makes them grow without end.';
	END IF;

	INSERT INTO metrics (metric_id, name)
	SELECT highest + u.position, u.name
	FROM unnest(missing) WITH ORDINALITY AS u (name, position);

	RETURN QUERY
	SELECT m.metric_id
	FROM unnest(names) WITH ORDINALITY AS u (name, position)
	JOIN metrics AS m ON m.name = u.name
	ORDER BY u.position;
END
$$;
