-- As recent.sql, of continuous aggregates. Since the upper ends are constants to the planner, no
-- chunk of readings is opened.
SELECT 'hour' AS last,
       to_char(($1::timestamptz - interval '1 hour') AT TIME ZONE 'UTC',
               'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "from",
       coalesce(sum(count + failed), 0)::bigint AS readings,
       round(coalesce(sum(count + failed), 0) / 3600, 1) AS readings_per_second,
       coalesce(sum(failed), 0)::bigint AS failed,
       count(*) AS series
FROM readings_hourly
WHERE bucket >= $1::timestamptz - interval '1 hour' AND bucket < $1::timestamptz
HAVING $1 IS NOT NULL
UNION ALL
SELECT 'day',
       to_char(($2::timestamptz - interval '24 hours') AT TIME ZONE 'UTC',
               'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       coalesce(sum(count + failed), 0)::bigint,
       round(coalesce(sum(count + failed), 0) / 86400, 1),
       coalesce(sum(failed), 0)::bigint,
       count(*)
FROM readings_daily
WHERE bucket >= $2::timestamptz - interval '24 hours' AND bucket < $2::timestamptz
HAVING $2 IS NOT NULL
