SELECT (SELECT count(*) FROM sensors) AS sensors,
       (SELECT count(*) FROM metrics) AS metrics,
       to_char(oldest AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS oldest,
       to_char(newest AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS newest,
       round(extract(epoch FROM now() - newest)::numeric, 3) AS newest_age_seconds
FROM reading_span()
