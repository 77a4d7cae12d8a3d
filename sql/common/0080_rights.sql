-- Functions that do for a role what it may not do by itself. They run as the owner of the schema, by
-- its names alone, and only roles that were given EXECUTE may call them (`tsdb-admin grant`).
--
--   register_sensors, register_metrics   a writer names things, but changes no table of names
--   note_touched, note_latest            a writer notes what it stored, but changes no other note
--   reading_span                         looks into partitions, on which nobody has rights
--
-- Roles that were given the rights on tables that these functions needed before can go on.
DO $$
DECLARE
	f record;
	r record;
BEGIN
	FOR f IN
		SELECT p.oid::regprocedure AS id, n.nspname, u.relation, u.privilege
		FROM (
			VALUES ('register_sensors(text[], text[], int[])', 'sensors', 'INSERT'),
			       ('register_metrics(text[])', 'metrics', 'INSERT'),
			       ('note_touched(timestamptz[], int[], smallint[])', 'sensor_readings', 'INSERT'),
			       ('note_latest(timestamptz[], float8[], int[], smallint[], smallint[])',
			        'sensor_readings', 'INSERT'),
			       ('reading_span()', 'sensor_readings', 'SELECT')
		) AS u (function, relation, privilege)
		JOIN pg_proc AS p ON p.oid = to_regprocedure(u.function)
		JOIN pg_namespace AS n ON n.oid = p.pronamespace
	LOOP
		EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path TO %I, pg_temp',
		               f.id, f.nspname);
		EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f.id);
		FOR r IN
			SELECT DISTINCT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END
				AS name
			FROM pg_class AS c
			CROSS JOIN LATERAL aclexplode(c.relacl) AS a
			WHERE c.oid = f.relation::regclass
			AND a.privilege_type = f.privilege AND a.grantee <> c.relowner
		LOOP
			EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %s', f.id, r.name);
		END LOOP;
	END LOOP;
END
$$;
