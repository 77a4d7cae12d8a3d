-- The ledger of a fault-injection run, and the checker that holds it against what is stored.
--
-- A round's messages are told apart by their sensors: LABEL/... . A message N carries value = N and
-- twin = -N at a device time of its own, so it is known by its key (sensor, time) and by its value.

CREATE SCHEMA fault;

-- What the database itself refuses.
ALTER TABLE sensor_readings ADD CONSTRAINT poison CHECK (value <> 999999999);

-- What a round published, and what must become of it.
CREATE TABLE fault.published (
	label text,
	n integer,
	sensor text,
	time timestamptz,
	fate text CHECK (fate IN ('stored', 'rejected')),
	PRIMARY KEY (label, n)
);

-- What the broker acknowledged to the publisher.
CREATE TABLE fault.acknowledged (label text, n integer);

-- The dead letters of all tools. The half of a record that a killed tool left in its pipe is none: its
-- message comes again.
CREATE TABLE fault.letters (label text, sensor text, n integer, code text);

CREATE INDEX ON fault.acknowledged (label, n);
CREATE INDEX ON fault.letters (label);

-- The rows of a round.
CREATE FUNCTION fault.stored(round text)
RETURNS TABLE (sensor text, at timestamptz, metric text, value double precision)
LANGUAGE sql STABLE AS $$
	SELECT r.sensor, r.time, r.metric, r.value
	FROM readings AS r
	WHERE r.type = 'fault' AND starts_with(r.sensor, round || '/')
$$;

-- What became of each message of a round: one row a message, and one for each thing that must not be.
--
--   stored          as a whole, as published
--   rejected        a dead letter, as was meant
--   lost            acknowledged, and neither stored nor a dead letter
--   unacknowledged  not acknowledged, and neither: the publisher knows
--   unexpected      a row or dead letter that nobody published; one of a message whose fate was the
--                   other; a value that was changed; half a message; a message stored twice
CREATE FUNCTION fault.verdicts(round text)
RETURNS TABLE (verdict text, message text, detail text)
LANGUAGE sql STABLE AS $$
	WITH published AS MATERIALIZED (
		SELECT p.* FROM fault.published AS p WHERE p.label = round
	), stored AS MATERIALIZED (
		SELECT * FROM fault.stored(round)
	), letters AS MATERIALIZED (
		SELECT l.* FROM fault.letters AS l WHERE l.label = round AND l.code <> 'truncated'
	), rows AS (
		SELECT p.n,
			count(s.metric) AS total,
			count(*) FILTER (WHERE (s.metric = 'value' AND s.value = p.n)
				OR (s.metric = 'twin' AND s.value = -p.n)) AS sound
		FROM published AS p
		LEFT JOIN stored AS s ON s.sensor = p.sensor AND s.at = p.time
		GROUP BY p.n
	), outcome AS (
		SELECT p.n, p.sensor, p.fate, r.total, r.sound,
			EXISTS (SELECT FROM fault.acknowledged AS a WHERE a.label = round AND a.n = p.n) AS acknowledged,
			EXISTS (SELECT FROM letters AS l WHERE l.sensor = p.sensor
				AND (p.fate = 'rejected' OR l.n = p.n)) AS buried
		FROM published AS p JOIN rows AS r USING (n)
	)
	SELECT CASE
			WHEN total = 2 AND sound = 2 THEN 'stored'
			WHEN buried THEN 'rejected'
			WHEN acknowledged THEN 'lost'
			ELSE 'unacknowledged'
		END, n::text, sensor
	FROM outcome
	UNION ALL
	SELECT 'unexpected', n::text, format('%s: stored, but was to be rejected', sensor)
	FROM outcome WHERE fate = 'rejected' AND total > 0
	UNION ALL
	SELECT 'unexpected', n::text, format('%s: %s rows, %s of them as published', sensor, total, sound)
	FROM outcome WHERE fate = 'stored' AND total > 0 AND (total <> 2 OR sound <> 2)
	UNION ALL
	SELECT 'unexpected', s.value::text, format('%s at %s: nobody published %s', s.sensor, s.at, s.metric)
	FROM stored AS s
	WHERE NOT EXISTS (SELECT FROM published AS p WHERE p.sensor = s.sensor AND p.time = s.at)
	UNION ALL
	SELECT 'unexpected', s.value::text, format('stored %s times', count(*))
	FROM stored AS s GROUP BY s.metric, s.value HAVING count(*) > 1
	UNION ALL
	SELECT 'unexpected', l.n::text, format('%s: a dead letter (%s) that was not to be', l.sensor, l.code)
	FROM letters AS l
	WHERE NOT EXISTS (SELECT FROM published AS p WHERE p.sensor = l.sensor AND p.fate = 'rejected')
$$;
