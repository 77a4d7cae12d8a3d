-- The statements that give the roles their rights in this database, and take away what is beyond:
-- run as the owner of the schema, whenever relations or functions were made.
--
-- Rights are those of the relation that a statement names. A view reads as its owner, and so does a
-- partitioned table its partitions, which nobody has rights on; TimescaleDB passes rights on to chunks.
WITH wanted (position, role, privileges, names) AS (
	VALUES
	-- COPY and INSERT; ON CONFLICT and RETURNING read the key, and what is there is compared.
	(1, 'sensorpipe_writer', 'SELECT, INSERT', '{sensor_readings, sensor_texts}'::text[]),
	(2, 'sensorpipe_writer', 'SELECT, INSERT, UPDATE (seq, updated)', '{ingest_watermarks}'),
	-- Which version the schema is: it may be later than what the writer knows.
	(2, 'sensorpipe_writer', 'SELECT', '{schema_migrations}'),
	-- TimescaleDB passes rights on columns on to compressed chunks, which have others, and fails.
	(3, 'sensorpipe_replacer',
	 (SELECT CASE engine WHEN 'postgresql' THEN 'UPDATE (value, quality)' ELSE 'UPDATE' END
	  FROM schema_settings),
	 '{sensor_readings, sensor_texts}'),
	(4, 'sensorpipe_reader', 'SELECT', '{
		sensors, metrics, sensor_readings, sensor_readings_default, sensor_texts, sensor_texts_default,
		ingest_watermarks, series_readings, series_latest, readings, readings_text, readings_latest,
		readings_hourly, readings_daily, readings_by_hour, readings_by_day, rollup_hourly, rollup_daily,
		rollup_state, packed_readings, unpacked_readings, packing_state, touched_hours, latest_readings,
		latest_state, day_profiles, profile_hours, profile_notes, profile_state, policies, policy_jobs,
		schema_migrations, schema_settings}'),
	(5, 'sensorpipe_writer', 'EXECUTE', '{register_sensors, register_metrics, note_touched,
		loosen_hours, note_latest}'),
	-- All but the first are open to everybody, unless default privileges close them.
	(6, 'sensorpipe_reader', 'EXECUTE', '{reading_span, readings_between, named_readings_between,
		packed_number, sum_of_bigint, longest_gap, shape_distance, similar_days, odd_days_of, day_discords}')
),
-- A role that is not made yet has what everybody has.
roles AS (
	SELECT name, CASE WHEN to_regrole(name) IS NULL THEN 'public' ELSE name END AS known
	FROM unnest('{sensorpipe_writer, sensorpipe_replacer, sensorpipe_reader, sensorpipe_admin}'::text[])
		AS name
),
everyone AS (
	SELECT string_agg(quote_ident(name), ', ' ORDER BY name) AS roles FROM roles
),
place AS (
	SELECT n.oid, n.nspname
	FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
	WHERE c.oid = 'schema_migrations'::regclass
),
relations AS (
	SELECT w.position, w.role, w.privileges, to_regclass(quote_ident(u.name)) AS id, u.place
	FROM wanted AS w, unnest(w.names) WITH ORDINALITY AS u (name, place)
	WHERE w.privileges <> 'EXECUTE' AND to_regclass(quote_ident(u.name)) IS NOT NULL
),
functions AS (
	SELECT w.position, w.role, p.oid::regprocedure AS id
	FROM wanted AS w, unnest(w.names) AS name, pg_proc AS p, place
	WHERE w.privileges = 'EXECUTE' AND p.proname = name AND p.pronamespace = place.oid
),
-- Partitions on which somebody gave them rights.
partitions AS (
	SELECT DISTINCT i.inhrelid::regclass AS id
	FROM relations AS r
	JOIN pg_class AS c ON c.oid = r.id AND c.relkind = 'p'
	JOIN pg_inherits AS i ON i.inhparent = r.id
	JOIN pg_class AS p ON p.oid = i.inhrelid
	CROSS JOIN LATERAL aclexplode(p.relacl) AS a
	JOIN pg_roles AS o ON o.oid = a.grantee
	WHERE o.rolname IN (SELECT name FROM roles)
),
steps (phase, position, sql) AS (
	SELECT 1, 0, format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), name)
	FROM roles
	WHERE NOT has_database_privilege(known, current_database(), 'CONNECT')
	UNION ALL
	SELECT 2, 0, format('GRANT USAGE ON SCHEMA %I TO %I', nspname, name)
	FROM roles, place
	WHERE NOT has_schema_privilege(known, oid, 'USAGE')
	UNION ALL
	SELECT 3, 0, format('REVOKE ALL ON %s FROM %s', string_agg(DISTINCT id::text, ', '), roles)
	FROM (SELECT id FROM relations UNION ALL SELECT id FROM partitions) AS r, everyone
	GROUP BY roles
	UNION ALL
	SELECT 3, position,
	       format('GRANT %s ON %s TO %I', privileges, string_agg(id::text, ', ' ORDER BY place), role)
	FROM relations
	GROUP BY position, privileges, role
	UNION ALL
	SELECT 4, 0, format('REVOKE ALL ON FUNCTION %s FROM %s', string_agg(id::text, ', '), roles)
	FROM functions, everyone
	GROUP BY roles
	UNION ALL
	SELECT 4, position, format('GRANT EXECUTE ON FUNCTION %s TO %I', string_agg(id::text, ', '), role)
	FROM functions
	GROUP BY position, role
)
SELECT sql FROM steps ORDER BY phase, position
