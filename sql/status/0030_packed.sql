-- Packed days. How many readings they hold is an estimate by the first 20 pages of each, so that this
-- stays cheap; bytes are those of all that belongs to them.
WITH days AS (
	SELECT c.oid, to_date(right(c.relname, 8), 'YYYYMMDD') AS day,
	       pg_relation_size(c.oid) / current_setting('block_size')::int AS pages,
	       pg_total_relation_size(c.oid) AS bytes
	FROM pg_inherits AS i
	JOIN pg_class AS c ON c.oid = i.inhrelid
	WHERE i.inhparent = 'packed_readings'::regclass
),
seen AS (
	SELECT tableoid AS oid, sum(count) AS readings
	FROM packed_readings
	WHERE ctid < '(20,0)'
	GROUP BY 1
),
total AS (
	SELECT count(*) AS days, min(d.day) AS first_day, max(d.day) AS last_day,
	       coalesce(sum(s.readings * d.pages / least(d.pages, 20)), 0)::bigint AS readings,
	       sum(d.bytes)::bigint AS bytes
	FROM days AS d
	LEFT JOIN seen AS s USING (oid)
)
SELECT days,
       first_day,
       last_day,
       readings AS readings_estimate,
       bytes AS size_bytes,
       round(bytes::numeric / nullif(readings, 0), 2) AS bytes_per_reading
FROM total
WHERE days > 0
