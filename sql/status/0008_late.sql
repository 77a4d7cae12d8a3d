SELECT to_char(nullif(raw_from, '-infinity') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
           AS raw_from,
       (SELECT count(*) FROM touched_hours) AS late_notes
FROM rollup_state
