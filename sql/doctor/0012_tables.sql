-- Tables and indexes that are not what they were made as: by an index that failed to be built, and by
-- tables that a crash empties.
WITH ours AS (
	SELECT c.oid, c.relkind, c.relpersistence
	FROM pg_class AS c
	WHERE c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'schema_migrations'::regclass)
),
wrong AS (
	SELECT 'indexes' AS name, 'problem' AS level,
	       format('%s of %s is not valid', x.indexrelid::regclass, x.indrelid::regclass) AS found,
	       format('REINDEX INDEX %s;', x.indexrelid::regclass) AS mend
	FROM pg_index AS x JOIN ours AS o ON o.oid = x.indexrelid AND o.relkind = 'i'
	WHERE NOT x.indisvalid
	UNION ALL
	SELECT 'tables', 'problem', format('%s is unlogged: a crash empties it', oid::regclass),
	       format('ALTER TABLE %s SET LOGGED;', oid::regclass)
	FROM ours
	WHERE relkind = 'r' AND relpersistence = 'u'
)
SELECT * FROM wrong
UNION ALL
SELECT 'tables', 'ok', 'logged, and their indexes valid', NULL
WHERE NOT EXISTS (SELECT FROM wrong)
