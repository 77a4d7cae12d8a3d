-- The statements that make the roles, as far as they are missing, and what they are members of. Roles
-- belong to the whole server. Nobody becomes a superuser by them: where one owns the schema,
-- sensorpipe_admin is no member of the owner.
WITH roles (position, name, what) AS (
	VALUES (1, 'sensorpipe_writer', 'stores readings: tsdb-copy'),
	       (2, 'sensorpipe_replacer', 'stores readings, also over others: tsdb-copy --on-conflict replace'),
	       (3, 'sensorpipe_reader', 'reads everything: tsdb-query, tsdb-admin status, dashboards'),
	       (4, 'sensorpipe_admin', 'acts as the owner of the schema: tsdb-admin')
),
missing AS (
	SELECT * FROM roles WHERE name NOT IN (SELECT rolname FROM pg_roles)
),
me AS (
	SELECT rolsuper, rolcreaterole, current_setting('server_version_num')::int AS version
	FROM pg_roles
	WHERE rolname = current_user
),
memberships (position, of, member) AS (
	VALUES (1, 'sensorpipe_writer', 'sensorpipe_replacer'),
	       (2, 'sensorpipe_reader', 'sensorpipe_admin')
	UNION ALL
	SELECT 3, o.rolname, 'sensorpipe_admin'
	FROM pg_class AS c JOIN pg_roles AS o ON o.oid = c.relowner
	WHERE c.oid = 'schema_migrations'::regclass
	AND NOT o.rolsuper AND o.rolname <> 'sensorpipe_admin'
	-- What the server does is for the doctor to see; who may give that depends on the version.
	UNION ALL
	SELECT 4, 'pg_monitor', 'sensorpipe_admin'
	FROM me
	WHERE rolsuper OR (rolcreaterole AND version < 160000)
	OR pg_has_role('pg_monitor', 'MEMBER WITH ADMIN OPTION')
),
steps (phase, position, sql) AS (
	SELECT 1, position, format('CREATE ROLE %I NOLOGIN', name) FROM missing
	UNION ALL
	SELECT 2, position, format('COMMENT ON ROLE %I IS %L', name, what) FROM missing
	UNION ALL
	SELECT 3, m.position, format('GRANT %I TO %I', m.of, m.member)
	FROM memberships AS m
	WHERE NOT EXISTS (
		SELECT
		FROM pg_auth_members AS a
		JOIN pg_roles AS o ON o.oid = a.roleid
		JOIN pg_roles AS r ON r.oid = a.member
		WHERE o.rolname = m.of AND r.rolname = m.member
	)
)
SELECT sql FROM steps ORDER BY phase, position
