-- Times before raw_from are those whose readings are gone, all or some of them. Notes are the
-- buckets that late readings touched and maintain has not computed again.
SELECT to_char(nullif(s.hourly_to, '-infinity') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
           AS hourly_to,
       to_char(nullif(s.daily_to, '-infinity') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
           AS daily_to,
       to_char(nullif(s.raw_from, '-infinity') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
           AS raw_from,
       round(extract(epoch FROM now() - nullif(s.hourly_to, '-infinity'))::numeric) AS lag_seconds,
       n.late_notes,
       n.oldest_late_hour,
       n.newest_late_hour
FROM rollup_state AS s, (
	SELECT count(*) AS late_notes,
	       to_char(min(bucket) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
	           AS oldest_late_hour,
	       to_char(max(bucket) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
	           AS newest_late_hour
	FROM touched_hours
) AS n
