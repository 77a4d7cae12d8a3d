-- Whether the extension is what the schema was made for, and free of faults that lose rows.
WITH facts AS (
	SELECT s.engine, x.extversion AS version,
	       string_to_array(substring(x.extversion FROM '^\d+(?:\.\d+)*'), '.')::int[] AS v,
	       current_setting('timescaledb.license', true) AS license
	FROM schema_settings AS s
	LEFT JOIN pg_extension AS x ON x.extname = 'timescaledb'
),
checks (position, bad, level, found, mend) AS (
	SELECT 1, engine <> 'postgresql' AND version IS NULL, 'problem',
	       'the extension timescaledb, which the schema is made for, is not in this database',
	       'restore the database anew, as TimescaleDB''s manual tells'
	FROM facts
	UNION ALL
	SELECT 2, engine <> 'postgresql' AND v < ARRAY[2, 12], 'problem',
	       format('timescaledb %s is older than 2.12, which the schema needs', version),
	       'ALTER EXTENSION timescaledb UPDATE; -- with a newer one installed, first in a new session'
	FROM facts
	UNION ALL
	SELECT 3, engine <> 'postgresql' AND v >= ARRAY[2, 16] AND v < ARRAY[2, 18, 1], 'problem',
	       format('timescaledb %s loses rows that are inserted beside duplicates into compressed chunks '
	              '(timescaledb #7672, mended in 2.18.1)', version),
	       'ALTER EXTENSION timescaledb UPDATE; -- with a newer one installed, first in a new session'
	FROM facts
	UNION ALL
	SELECT 4, engine = 'timescaledb' AND license = 'apache', 'problem',
	       'timescaledb.license is apache: nothing is compressed, rolled up or dropped any more',
	       'ALTER SYSTEM SET timescaledb.license = ''timescale''; SELECT pg_reload_conf();'
	FROM facts
	UNION ALL
	SELECT 5, engine = 'timescaledb-apache', 'warning',
	       'the Apache edition of timescaledb: rollups are computed at each query, and nothing is '
	       'compressed or dropped',
	       'with the license timescale, or on plain PostgreSQL, make a new database: tsdb-admin init'
	FROM facts
)
SELECT 'engine' AS name, level, found, mend
FROM checks
WHERE bad
UNION ALL
SELECT 'engine', 'ok', engine || CASE WHEN engine = 'postgresql' THEN '' ELSE ' ' || version END, NULL
FROM facts
WHERE NOT EXISTS (SELECT FROM checks WHERE bad)
