-- Functions that were made anew run as the owner again, as 0080_rights says, and so does what a writer
-- calls before it compares. Roles that were given rights on sensor_readings have them here.
DO $$
DECLARE
	place regnamespace := (SELECT relnamespace FROM pg_class
	                       WHERE oid = 'schema_migrations'::regclass);
	f     text;
	r     record;
BEGIN
	FOREACH f IN ARRAY ARRAY['note_touched(timestamptz[], int[], smallint[])',
	                         'loosen_hours(timestamptz[], int[], smallint[])', 'reading_span()'] LOOP
		EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path TO %s, pg_temp', f, place);
	END LOOP;
	REVOKE EXECUTE ON FUNCTION loosen_hours(timestamptz[], int[], smallint[]) FROM PUBLIC;
	FOR r IN
		SELECT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END AS name,
		       a.privilege_type AS privilege
		FROM pg_class AS c
		CROSS JOIN LATERAL aclexplode(c.relacl) AS a
		WHERE c.oid = 'sensor_readings'::regclass AND a.grantee <> c.relowner
	LOOP
		IF r.privilege = 'INSERT' THEN
			EXECUTE format('GRANT EXECUTE ON FUNCTION loosen_hours(timestamptz[], int[], smallint[]) '
			               'TO %s', r.name);
		ELSIF r.privilege = 'SELECT' THEN
			EXECUTE format('GRANT SELECT ON packed_readings, unpacked_readings TO %s', r.name);
		END IF;
	END LOOP;
END
$$;
