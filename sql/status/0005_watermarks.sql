SELECT source,
       seq,
       to_char(updated AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS updated,
       round(extract(epoch FROM now() - updated)::numeric, 3) AS age_seconds
FROM ingest_watermarks
ORDER BY source
