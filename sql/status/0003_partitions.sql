-- A partition that was never analyzed has reltuples -1: then a row is taken for 52 bytes.
SELECT t.name AS "table",
       sum(CASE WHEN c.reltuples < 0 THEN pg_relation_size(c.oid) / 52
                ELSE c.reltuples END)::bigint AS rows_estimate,
       sum(pg_total_relation_size(c.oid)) AS size_bytes,
       count(*) FILTER (WHERE NOT p.rest) AS partitions,
       min(substring(c.relname from '\d{8}$')::date) FILTER (WHERE NOT p.rest) AS first_day,
       max(substring(c.relname from '\d{8}$')::date) FILTER (WHERE NOT p.rest) AS last_day,
       sum(pg_relation_size(c.oid)) FILTER (WHERE p.rest) AS default_partition_bytes
FROM unnest(ARRAY['sensor_readings', 'sensor_texts']) WITH ORDINALITY AS t (name, position)
JOIN pg_inherits AS i ON i.inhparent = t.name::regclass
JOIN pg_class AS c ON c.oid = i.inhrelid
CROSS JOIN LATERAL (SELECT pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT') AS p (rest)
GROUP BY t.name, t.position
ORDER BY t.position
