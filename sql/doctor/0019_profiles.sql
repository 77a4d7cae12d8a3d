-- Profiles of days are filled some hours after the end of a day, where maintain runs by a timer; after
-- many days were loaded at once, over some runs.
SELECT 'profiles' AS name,
       CASE WHEN behind > 2 THEN 'warning' ELSE 'ok' END AS level,
       CASE WHEN behind > 2 AND filled_to = '-infinity' THEN 'of no day yet: maintain did not run since migrate'
            WHEN behind > 2
            THEN format('filled up to %s: maintain does not run, or is not done with what was loaded', filled_to)
            WHEN filled_to = '-infinity' THEN 'none to fill yet'
            ELSE format('filled up to %s, compared by %s', filled_to,
                        CASE WHEN distance LIKE '%<->%' THEN 'the extension cube'
                             ELSE 'arrays (CREATE EXTENSION cube is faster)' END) END AS found,
       'tsdb-admin maintain # enable tsdb-maintain.timer, or run it by cron every five minutes' AS mend
FROM (
	SELECT s.filled_to, d.distance,
	       (now() - interval '1 hour')::date
	       - CASE WHEN s.filled_to > '-infinity' THEN s.filled_to
	              ELSE (SELECT min(first_seen) FROM sensors)::date END AS behind
	FROM profile_state AS s, shape_distance() AS d
) AS p
