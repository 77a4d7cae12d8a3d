-- What is due on the postgresql engine, in the order in which it is to be done, a transaction each.
-- Days and months are those of UTC; so is the session's time zone.
WITH state AS (
	SELECT s.*,
	       date_trunc('day', now()) AS today,
	       -- Hours are stored an hour after their end: see note_touched().
	       date_trunc('hour', now() - interval '1 hour') AS hourly_due
	FROM rollup_state AS s
),
-- The partitions that have a day or a month of their own.
parts AS (
	SELECT i.inhparent::regclass::text AS parent, c.oid, c.relname::text AS partition, p.first,
	       p.first + CASE WHEN p.digits ~ '^.{8}$' THEN interval '1 day'
	                      ELSE interval '1 month' END AS upto
	FROM pg_inherits AS i
	JOIN pg_class AS c ON c.oid = i.inhrelid
	CROSS JOIN LATERAL (
		SELECT d AS digits, to_timestamp(d, 'YYYYMMDD') AS first
		FROM substring(c.relname FROM '_(\d{6}|\d{8})$') AS d
	) AS p
	WHERE i.inhparent IN ('sensor_readings'::regclass, 'sensor_texts'::regclass,
	                      'packed_readings'::regclass, 'rollup_hourly'::regclass,
	                      'rollup_daily'::regclass)
	AND p.digits IS NOT NULL
),
-- The rows that share the default partitions, by day.
strays AS (
	SELECT 'sensor_readings' AS parent, date_trunc('day', time) AS day, count(*) AS rows
	FROM sensor_readings_default
	GROUP BY 2
	UNION ALL
	SELECT 'sensor_texts', date_trunc('day', time), count(*)
	FROM sensor_texts_default
	GROUP BY 2
),
-- What is before that is to go. Readings go once they are rolled up, rollups not before them. Those
-- of a time of which readings went are final, also when readings are kept for longer now.
limits AS (
	SELECT k.raw, k.retired, kept_from('texts') AS texts, k.hourly,
	       least(kept_from('daily'), k.hourly) AS daily
	FROM (
		SELECT r.raw, greatest(r.raw, r.raw_from) AS retired,
		       least(kept_from('hourly'), greatest(r.raw, r.raw_from)) AS hourly
		FROM (
			SELECT least(kept_from('raw'), date_trunc('day', hourly_due)) AS raw, raw_from
			FROM state
		) AS r
	) AS k
),
ends AS (
	SELECT t.*
	FROM limits AS l
	CROSS JOIN LATERAL (
		VALUES ('sensor_readings', l.raw), ('packed_readings', l.raw), ('sensor_texts', l.texts),
		       ('rollup_hourly', l.hourly), ('rollup_daily', l.daily)
	) AS t (parent, upto)
),
-- The days with readings of hours that are to be stored.
days AS (
	SELECT d.day AS first, least(d.day + interval '1 day', s.hourly_due) AS upto
	FROM (
		SELECT first AS day FROM parts WHERE parent = 'sensor_readings'
		UNION
		SELECT day FROM strays WHERE parent = 'sensor_readings'
	) AS d
	CROSS JOIN state AS s
	JOIN ends AS e ON e.parent = 'rollup_daily' AND d.day >= e.upto
	WHERE least(d.day + interval '1 day', s.hourly_due) > greatest(s.hourly_to, d.day)
),
-- The days of which readings are to be packed, or room is to be given back: as many as have 4 GB, which
-- take some minutes, and one at least. The others wait for the next time, so that rollups do not wait.
old AS (
	SELECT *
	FROM (
		SELECT p.*, p.first::date AS day, pg_relation_size(p.oid) > 0 AS filled,
		       coalesce(sum(pg_relation_size(p.oid)) OVER (
		           ORDER BY p.first ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
		       ), 0) AS before
		FROM parts AS p
		JOIN ends AS e USING (parent)
		WHERE p.parent = 'sensor_readings' AND p.first >= e.upto AND p.upto <= kept_from('compress')
	) AS o
	WHERE o.before < 4 * 1024 ^ 3
),
steps (phase, kind, subject, at, sql) AS (
	-- Months of rollups: of the hours to be stored, this one and the next one.
	SELECT 1, 'made', 'make ' || e.parent || to_char(m.month, '_YYYYMM'), m.month,
	       format('SELECT make_month(%L, %L)', e.parent, m.month::date)
	FROM (
		SELECT date_trunc('month', first) AS month FROM days
		UNION
		SELECT date_trunc('month', today) + n * interval '1 month'
		FROM state, generate_series(0, 1) AS n
	) AS m
	JOIN ends AS e ON e.parent LIKE 'rollup%' AND m.month + interval '1 month' > e.upto
	WHERE (e.parent, m.month) NOT IN (SELECT parent, first FROM parts)

	UNION ALL
	SELECT 2, 'stored', 'roll up ' || d.first::date, d.first,
	       format('SELECT roll_up_hours(%L, %L)', d.first, d.upto)
	FROM days AS d
	UNION ALL
	SELECT 3, 'stored', 'roll up to ' || s.hourly_due, s.hourly_due,
	       format('SELECT roll_up_hours(%1$L, %1$L)', s.hourly_due)
	FROM state AS s
	WHERE s.hourly_to < s.hourly_due AND s.hourly_due NOT IN (SELECT upto FROM days)

	-- What writers that were killed did not note, and others never do.
	UNION ALL
	SELECT 4, 'repaired', 'repair the latest readings', s.hourly_due,
	       format('SELECT repair_latest(%L, %L)', l.repaired_to, s.hourly_due)
	FROM latest_state AS l, state AS s
	WHERE l.repaired_to < s.hourly_due

	UNION ALL
	SELECT 4, 'late', 'roll up late readings of ' || t.day::date, t.day,
	       format('SELECT roll_up_late(%L)', t.day)
	FROM (SELECT DISTINCT date_trunc('day', bucket) AS day FROM touched_hours) AS t

	UNION ALL
	SELECT 5, 'retired', 'retire readings before ' || l.retired::date, l.retired,
	       format('SELECT retire_readings(%L)', l.retired)
	FROM limits AS l, state AS s
	WHERE l.retired > s.raw_from

	-- Days for readings: those ahead, and those of which the default partition holds many rows.
	-- Readers wait while rows move: a million takes 2.5 s.
	UNION ALL
	SELECT 6, 'made', 'make the partitions of ' || d.day::date, d.day,
	       format('SELECT make_partitions(%1$L, %1$L)', d.day::date)
	FROM (
		SELECT p.parent, s.today + n * interval '1 day' AS day
		FROM state AS s, generate_series(-1, 7) AS n,
		     (VALUES ('sensor_readings'), ('sensor_texts')) AS p (parent)
		UNION
		SELECT t.parent, t.day
		FROM strays AS t JOIN ends AS e USING (parent)
		WHERE t.rows >= 10000 AND t.day >= e.upto
	) AS d
	WHERE (d.parent, d.day) NOT IN (SELECT parent, first FROM parts)
	AND d.day NOT IN (SELECT day FROM strays WHERE rows > 250000)
	GROUP BY d.day

	UNION ALL
	SELECT 7, 'dropped', 'drop ' || p.partition, p.first,
	       format('SELECT drop_partition(%L, %L, %L)', p.parent, p.partition, p.upto)
	FROM parts AS p JOIN ends AS e USING (parent)
	WHERE p.upto <= e.upto

	UNION ALL
	SELECT 8, 'deleted', format('delete rows of %s from %s_default', t.day::date, t.parent), t.day,
	       format('DELETE FROM %I WHERE time >= %L AND time < %L',
	              t.parent || '_default', t.day, t.day + interval '1 day')
	FROM strays AS t JOIN ends AS e USING (parent)
	WHERE t.day < e.upto
	UNION ALL
	SELECT 8, 'deleted', 'delete rows from ' || e.parent || '_default', e.upto,
	       format('DELETE FROM %I WHERE bucket < %L', e.parent || '_default', e.upto)
	FROM ends AS e
	WHERE e.parent = 'rollup_hourly'
	AND (EXISTS (SELECT FROM rollup_hourly_default WHERE bucket < e.upto)
	     OR EXISTS (SELECT FROM days WHERE first < e.upto))
	OR e.parent = 'rollup_daily' AND EXISTS (SELECT FROM rollup_daily_default WHERE bucket < e.upto)
	UNION ALL
	SELECT 8, 'deleted', 'delete rows from day_profiles', e.upto,
	       format('DELETE FROM day_profiles WHERE day < %L', e.upto::date)
	FROM ends AS e
	WHERE e.parent = 'rollup_daily' AND EXISTS (SELECT FROM day_profiles WHERE day < e.upto::date)

	UNION ALL
	SELECT 9, 'warning', format('%1$s_default holds %2$s rows of %3$s, too many to move them '
	       'without holding up readers: in a quiet hour, SELECT make_partitions(%3$L, %3$L)',
	       t.parent, t.rows, t.day::date), t.day, NULL
	FROM strays AS t JOIN ends AS e USING (parent)
	WHERE t.rows > 250000 AND t.day >= e.upto

	-- Profiles of days come after what others depend on. So many at once take half a minute; the rest
	-- waits for the next time.
	UNION ALL
	SELECT 9, 'profiled', 'fill the profiles of days', 'infinity',
	       format('SELECT fill_profiles(%L, %L, %2$L, 500000)', e.upto::date, s.hourly_due::date)
	FROM profile_state AS p, state AS s, ends AS e
	WHERE e.parent = 'rollup_daily' AND p.filled_to < s.hourly_due::date
	UNION ALL
	SELECT 9, 'profiled', 'fill the profiles of late readings', 'infinity',
	       'SELECT refill_profiles(500000)'
	WHERE EXISTS (SELECT FROM touched_hours) OR EXISTS (SELECT FROM profile_notes)

	-- Rows that were packed are gone when VACUUM finds no reader who may still see them.
	UNION ALL
	SELECT 10, 'packed', 'pack ' || o.day, o.first, format('SELECT pack_slice(%L)', o.day)
	FROM old AS o
	WHERE o.filled
	UNION ALL
	SELECT 10, 'emptied', format('pack %s: clean up', o.day), o.first, format('VACUUM %I', o.partition)
	FROM old AS o
	WHERE o.filled
	UNION ALL
	SELECT 10, 'emptied', format('pack %s: give back the room', o.day), o.first,
	       format('SELECT empty_partition(%L)', o.partition)
	FROM old AS o
	WHERE o.filled OR pg_indexes_size(o.oid) > 65536
)
SELECT kind, subject, sql
FROM steps
ORDER BY phase, at, subject
