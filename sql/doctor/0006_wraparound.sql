-- The age of the oldest transaction number that is in use. At 2 billion the server takes no writes any
-- more; vacuum begins to work on it at autovacuum_freeze_max_age.
SELECT 'wraparound' AS name,
       CASE WHEN age > 1000000000 OR age > 5 * freezing THEN 'problem' WHEN age > 2 * freezing THEN 'warning'
            ELSE 'ok' END AS level,
       CASE WHEN age > 2 * freezing
            THEN format('transaction numbers are %s old: vacuum does not keep up', age)
            ELSE format('transaction numbers are %s old', age) END AS found,
       'VACUUM (FREEZE);' AS mend
FROM (
	SELECT age(datfrozenxid)::bigint AS age,
	       current_setting('autovacuum_freeze_max_age')::bigint AS freezing
	FROM pg_database
	WHERE datname = current_database()
) AS d
