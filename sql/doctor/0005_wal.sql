-- What makes the server keep WAL until the disk is full: slots nobody reads, an archive command that
-- fails.
WITH slots AS (
	SELECT slot_name, wal_status,
	       CASE WHEN NOT pg_is_in_recovery() THEN pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) END
	           AS held
	FROM pg_replication_slots
	WHERE NOT active
),
wrong AS (
	SELECT 'replication slots' AS name, 'problem' AS level,
	       format('nobody reads %s, which holds back %s of WAL', slot_name,
	              coalesce(pg_size_pretty(held), 'much')) AS found,
	       format('SELECT pg_drop_replication_slot(%L); -- or start its reader', slot_name) AS mend
	FROM slots
	WHERE wal_status <> 'reserved'
	UNION ALL
	SELECT 'archiver', 'problem',
	       format('archiving WAL has failed %s times, last for %s', failed_count, last_failed_wal),
	       'mend archive_command; the log of the server tells how it fails'
	FROM pg_stat_archiver
	WHERE last_failed_time > coalesce(last_archived_time, '-infinity')
)
SELECT * FROM wrong
UNION ALL
SELECT 'wal', 'ok', 'nothing holds it back', NULL
WHERE NOT EXISTS (SELECT FROM wrong)
