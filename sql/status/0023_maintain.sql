-- Who holds the lock of maintain, and the step at hand, as far as this role may see it.
SELECT l.pid,
       round(extract(epoch FROM clock_timestamp() - a.backend_start)::numeric) AS running_seconds,
       round(extract(epoch FROM clock_timestamp() - a.query_start)::numeric) AS step_seconds,
       a.wait_event_type = 'Lock' AS waiting,
       left(regexp_replace(a.query, '\s+', ' ', 'g'), 100) AS step
FROM pg_locks AS l
JOIN pg_stat_activity AS a USING (pid)
CROSS JOIN (SELECT hashtext('sensorpipe maintain')::bigint AS key) AS k
WHERE l.locktype = 'advisory'
AND l.granted
AND l.database = (SELECT datid FROM pg_stat_activity WHERE pid = pg_backend_pid())
AND l.classid = (k.key >> 32 & 4294967295)::oid
AND l.objid = (k.key & 4294967295)::oid
AND l.objsubid = 1
