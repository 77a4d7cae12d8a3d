-- Rollups are always one to two hours behind, where maintain runs by a timer.
SELECT 'rollups' AS name,
       CASE WHEN hourly_to = '-infinity' THEN CASE WHEN waiting THEN 'problem' ELSE 'ok' END
            WHEN age > interval '1 day' THEN 'problem'
            WHEN age > interval '3 hours' THEN 'warning'
            ELSE 'ok' END AS level,
       CASE WHEN hourly_to = '-infinity' AND waiting THEN 'none is stored: maintain never ran'
            WHEN hourly_to = '-infinity' THEN 'none to store yet'
            WHEN age > interval '3 hours'
            THEN format('stored up to %s before now: maintain does not run', age)
            ELSE format('stored up to %s before now', age) END AS found,
       'tsdb-admin maintain # enable tsdb-maintain.timer, or run it by cron every five minutes' AS mend
FROM (
	SELECT hourly_to,
	       CASE WHEN hourly_to > '-infinity'
	            THEN justify_hours(date_trunc('minute', now() - hourly_to)) END AS age,
	       EXISTS (SELECT FROM sensors WHERE first_seen < now() - interval '3 hours') AS waiting
	FROM rollup_state
) AS s
