SELECT to_char(nullif(hourly_to, '-infinity') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
           AS hourly_to,
       to_char(nullif(daily_to, '-infinity') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
           AS daily_to,
       to_char(nullif(raw_from, '-infinity') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
           AS raw_from,
       round(extract(epoch FROM now() - nullif(hourly_to, '-infinity'))::numeric) AS lag_seconds,
       (SELECT count(*) FROM touched_hours) AS late_notes
FROM rollup_state
