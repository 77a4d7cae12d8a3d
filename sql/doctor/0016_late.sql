-- Notes of late readings that wait for maintain.
SELECT 'late readings' AS name,
       CASE WHEN notes > 100000 THEN 'warning' ELSE 'ok' END AS level,
       CASE WHEN notes > 100000 THEN 'more than 100000 notes of them wait: maintain does not run'
            ELSE format('%s notes of them wait for maintain', notes) END AS found,
       'tsdb-admin maintain' AS mend
FROM (SELECT count(*) AS notes FROM (SELECT FROM touched_hours LIMIT 100001) AS t) AS n
