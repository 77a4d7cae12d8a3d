-- What belongs to others than the owner of the schema: who maintains it cannot drop or attach that.
WITH schema AS (
	SELECT relowner, relnamespace FROM pg_class WHERE oid = 'schema_migrations'::regclass
),
ours AS (
	SELECT to_regclass(name) AS id
	FROM unnest('{sensors, metrics, ingest_watermarks, sensor_readings, sensor_texts, rollup_hourly,
	              rollup_daily, packed_readings}'::text[]) AS name
),
strangers AS (
	SELECT c.oid::regclass AS id, c.relowner::regrole AS owner, s.relowner::regrole AS proper
	FROM schema AS s, pg_class AS c
	WHERE c.relowner <> s.relowner
	AND c.oid IN (SELECT id FROM ours UNION
	              SELECT i.inhrelid FROM pg_inherits AS i JOIN ours AS o ON o.id = i.inhparent)
)
SELECT 'owner' AS name, 'problem' AS level,
       format('%s belongs to %s: maintain cannot drop it', id, owner) AS found,
       format('ALTER TABLE %s OWNER TO %s;', id, proper) AS mend
FROM strangers
UNION ALL
SELECT 'owner', 'ok', format('all tables belong to %s', relowner::regrole), NULL
FROM schema
WHERE NOT EXISTS (SELECT FROM strangers)
