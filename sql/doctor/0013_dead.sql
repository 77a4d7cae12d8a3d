-- Tables with more dead rows than half of the live ones: autovacuum does not keep up with them.
WITH bloated AS (
	SELECT relid::regclass AS id, n_dead_tup AS dead, n_live_tup AS live
	FROM pg_stat_user_tables
	WHERE n_dead_tup > 100000 AND n_dead_tup > 0.5 * n_live_tup
)
SELECT 'dead rows' AS name, 'warning' AS level,
       format('%s of %s beside %s live ones: vacuum does not keep up', dead, id, live) AS found,
       format('VACUUM (ANALYZE) %s;', id) AS mend
FROM bloated
UNION ALL
SELECT 'dead rows', 'ok', 'few', NULL
WHERE NOT EXISTS (SELECT FROM bloated)
