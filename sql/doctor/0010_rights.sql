-- What the role may do that is connected. One that has some of a writer's rights lacks none of them.
WITH rights (what, granted) AS (
	VALUES
	('INSERT on sensor_readings', has_table_privilege('sensor_readings', 'INSERT')),
	('INSERT on sensor_texts', has_table_privilege('sensor_texts', 'INSERT')),
	('INSERT on ingest_watermarks', has_table_privilege('ingest_watermarks', 'INSERT')),
	('UPDATE of ingest_watermarks.seq', has_column_privilege('ingest_watermarks', 'seq', 'UPDATE')),
	('EXECUTE on register_sensors',
	 has_function_privilege('register_sensors(text[], text[], int[])', 'EXECUTE')),
	('EXECUTE on register_metrics', has_function_privilege('register_metrics(text[])', 'EXECUTE')),
	('EXECUTE on note_touched',
	 has_function_privilege('note_touched(timestamptz[], int[], smallint[])', 'EXECUTE'))
	-- Older schemas have none of these.
	UNION ALL
	SELECT 'EXECUTE on ' || split_part(name, '(', 1), has_function_privilege(id::oid, 'EXECUTE')
	FROM unnest(ARRAY['note_latest(timestamptz[], float8[], int[], smallint[], smallint[])',
	                  'loosen_hours(timestamptz[], int[], smallint[])']) AS name,
	     to_regprocedure(name) AS id
	WHERE id IS NOT NULL
),
writer AS (
	SELECT bool_and(granted) AS complete, bool_or(granted) AS begun,
	       string_agg(what, ', ') FILTER (WHERE NOT granted) AS lacking
	FROM rights
),
abilities AS (
	SELECT w.*,
	       has_table_privilege('readings', 'SELECT') AND has_table_privilege('sensors', 'SELECT')
	           AND has_table_privilege('readings_hourly', 'SELECT') AS reads,
	       pg_has_role(c.relowner, 'MEMBER') AS owns,
	       CASE WHEN current_user ~ '^[A-Za-z0-9_.-]+$' THEN current_user::text
	            ELSE '''' || replace(current_user, '''', '''\''''') || '''' END AS role
	FROM writer AS w, pg_class AS c
	WHERE c.oid = 'schema_migrations'::regclass
)
SELECT 'rights' AS name,
       CASE WHEN (begun AND NOT complete) OR NOT (begun OR reads OR owns) THEN 'problem' ELSE 'ok' END AS level,
       CASE WHEN begun AND NOT complete THEN format('role %s stores readings, but lacks %s', role, lacking)
            WHEN NOT (begun OR reads OR owns) THEN format('role %s may neither store nor read', role)
            ELSE format('role %s may %s', role, concat_ws(', ',
                CASE WHEN complete THEN 'store' END, CASE WHEN reads THEN 'query' END,
                CASE WHEN owns THEN 'maintain' END)) END AS found,
       format('tsdb-admin grant %s %s', CASE WHEN begun THEN 'writer' ELSE 'reader' END, role) AS mend
FROM abilities
