-- The statement that makes $2 a member of $1; no row where it is one.
SELECT format('GRANT %I TO %I', $1::text, $2::text) AS sql
WHERE NOT EXISTS (
	SELECT
	FROM pg_auth_members AS a
	JOIN pg_roles AS o ON o.oid = a.roleid
	JOIN pg_roles AS r ON r.oid = a.member
	WHERE o.rolname = $1 AND r.rolname = $2
)
