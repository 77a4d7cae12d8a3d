-- The server: its version, whether it can be written to, how it keeps text.
WITH facts AS (
	SELECT current_setting('server_version_num')::int / 10000 AS major,
	       current_setting('server_version') AS version,
	       pg_is_in_recovery() AS standby,
	       current_setting('server_encoding') AS encoding
)
SELECT 'version' AS name,
       CASE WHEN major < 13 THEN 'problem' WHEN major < 14 THEN 'warning' ELSE 'ok' END AS level,
       'PostgreSQL ' || version || CASE
           WHEN major < 13 THEN ': the schema needs 13 or later'
           WHEN major < 14 THEN ': tsdb-query --bucket needs 14 or later'
           ELSE '' END AS found,
       'pg_upgrade the server to a version that is still supported' AS mend
FROM facts
UNION ALL
SELECT 'standby',
       CASE WHEN standby THEN 'problem' ELSE 'ok' END,
       CASE WHEN standby THEN 'this server is a standby: nothing can be written to it'
            ELSE 'this server is no standby' END,
       'connect to the primary: name all hosts, and add target_session_attrs=read-write'
FROM facts
UNION ALL
SELECT 'encoding',
       CASE encoding WHEN 'UTF8' THEN 'ok' WHEN 'SQL_ASCII' THEN 'problem' ELSE 'warning' END,
       CASE encoding
           WHEN 'UTF8' THEN 'UTF8'
           WHEN 'SQL_ASCII' THEN 'SQL_ASCII takes any bytes for text: what comes out may be no text'
           ELSE encoding || ' cannot hold all names and texts: readings with others become dead letters'
           END,
       'createdb -E UTF8 -T template0 NEW, tsdb-admin -d NEW init, and store into that'
FROM facts
