-- Search in day_profiles: the days most like one, and those unlike all others. Exact: within a series
-- every day is compared with every other. (A GiST index of points found the nearest 5 of 365 days in
-- 0.23 ms, this does in 0.19, and an index would have to be kept.)
--
-- Distance is Euclid's between two shapes, 24 numbers of mean 0 and deviation 1: 0 is the same shape,
-- 9.8 (twice the root of 24) the opposite one, 6.9 (root of 48) two of no likeness, 4.9 (root of 24) any
-- and a flat day. With the correlation r of the two it is root(48 (1 - r)).
--
-- The extension cube computes it three to five times as fast, and to the same bits. It is used where
-- it is installed and this role may use it; whoever owns the database can do that at any time: CREATE
-- EXTENSION cube. It comes with PostgreSQL's contrib.

DO $$
BEGIN
	CREATE EXTENSION IF NOT EXISTS cube;
EXCEPTION WHEN OTHERS THEN
	RAISE NOTICE 'without the extension cube: %', SQLERRM;
END
$$;

-- SQL that makes a point of p.shape, and that computes the distance of a.point and b.point.
CREATE FUNCTION shape_distance(OUT point text, OUT distance text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
	place text := (SELECT quote_ident(n.nspname)
	               FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
	               WHERE e.extname = 'cube' AND has_schema_privilege(n.oid, 'USAGE'));
BEGIN
	IF has_function_privilege(
		to_regprocedure(replace('@.cube_distance(@.cube, @.cube)', '@', place)), 'EXECUTE') THEN
		point := format('%s.cube(p.shape::float8[])', place);
		distance := format('a.point OPERATOR(%s.<->) b.point', place);
	ELSE
		point := 'p.shape::float8[]';
		distance := (SELECT format('sqrt(%s)', string_agg(format(
				'(a.point[%1$s] - b.point[%1$s]) * (a.point[%1$s] - b.point[%1$s])', i), ' + ' ORDER BY i))
			FROM generate_series(1, 24) AS i);
	END IF;
END
$$;

-- The `most` days of a series from `since` to before `upto` whose shapes are nearest to that of a day;
-- the latest first where they are as near. None where that day has no profile.
CREATE FUNCTION similar_days(sensor int, metric smallint, day date, most int,
                             since date DEFAULT '-infinity', upto date DEFAULT 'infinity')
RETURNS TABLE (similar_day date, distance float8, mean float8, sigma float8, hours smallint)
LANGUAGE plpgsql STABLE SET jit TO off AS $$
DECLARE
	compare record := shape_distance();
BEGIN
	RETURN QUERY EXECUTE format('
		WITH days AS MATERIALIZED (
			SELECT p.day, p.mean, p.sigma, p.hours, %s AS point
			FROM day_profiles AS p
			WHERE p.sensor_id = $1 AND p.metric_id = $2
			AND (p.day = $3 OR p.day >= $5 AND p.day < $6)
		)
		SELECT b.day, %s AS distance, b.mean, b.sigma, b.hours
		FROM days AS a, days AS b
		WHERE a.day = $3 AND b.day <> $3 AND b.day >= $5 AND b.day < $6
		ORDER BY distance, b.day DESC
		LIMIT $4', compare.point, compare.distance)
	USING sensor, metric, day, most, since, upto;
END
$$;

-- How odd each day of a series is, from `since` to before `upto`, in three ways:
--
--   shape    its distance to the k-th nearest day (k-NN discord)
--   level    its mean
--   spread   its sigma
--
-- Each is compared with what is expected: the median of the days of the same weekday within four weeks
-- before and after, or where there are fewer than three, of all days within them. So weekends and
-- slow changes are nothing odd. The deviation from that is a difference; of distances the logarithm of the
-- quotient, as they scatter in proportion to their size, which is that of the noise. The score of a day is
-- the size of its deviation, less the median size, in units of the median absolute deviation of all sizes
-- of the series. Where more than half of them are the same, the unit is 1.2533 times their mean
-- absolute deviation; and it is never less than 0.05 (shape), or a hundredth of the median sigma and a
-- millionth of the median mean (level, spread): less is odd to nobody.
--
-- What days are compared with are those before `upto` from 90 days before it, or from `since` if that is
-- sooner. Fewer than 14 of them give no rows.
--
--   Discords: E. Keogh, J. Lin, A. Fu, "HOT SAX: Efficiently Finding the Most Unusual Time Series
--   Subsequence", ICDM 2005; of the k-th neighbour, so that days that are odd alike do not hide one
--   another: S. Ramaswamy, R. Rastogi, K. Shim, "Efficient Algorithms for Mining Outliers from Large
--   Data Sets", SIGMOD 2000. The unit: B. Iglewicz, D. Hoaglin, "How to Detect and Handle Outliers", 1993.
CREATE FUNCTION odd_days_of(sensor int, metric smallint, since date, upto date, k int)
RETURNS TABLE (day date, kind text, value float8, expected float8, score float8)
LANGUAGE plpgsql STABLE SET jit TO off AS $$
DECLARE
	compare record := shape_distance();
BEGIN
	RETURN QUERY EXECUTE format('
		WITH days AS MATERIALIZED (
			SELECT p.day, p.mean, p.sigma, %s AS point
			FROM day_profiles AS p
			WHERE p.sensor_id = $1 AND p.metric_id = $2
			AND p.day >= least($3, $4 - 90) AND p.day < $4
		),
		near AS MATERIALIZED (
			SELECT a.day, a.mean, a.sigma, (
				SELECT %s AS distance
				FROM days AS b
				WHERE b.day <> a.day
				ORDER BY distance
				OFFSET $5 - 1 LIMIT 1
			) AS distance
			FROM days AS a
			WHERE (SELECT count(*) FROM days) >= 14
		),
		usual AS (
			SELECT n.day, f.*,
			       CASE f.kind WHEN ''shape'' THEN ln(greatest(f.value, 0.1) / greatest(f.expected, 0.1))
			                   ELSE f.value - f.expected END AS deviation
			FROM near AS n
			CROSS JOIN LATERAL (
				SELECT count(*) >= 3 AS weekly
				FROM near AS w
				WHERE abs(w.day - n.day) IN (7, 14, 21, 28)
			) AS t
			CROSS JOIN LATERAL (
				SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY w.distance) AS distance,
				       percentile_cont(0.5) WITHIN GROUP (ORDER BY w.mean) AS mean,
				       percentile_cont(0.5) WITHIN GROUP (ORDER BY w.sigma) AS sigma
				FROM near AS w
				WHERE abs(w.day - n.day) BETWEEN 1 AND 28 AND (NOT t.weekly OR (w.day - n.day) %% 7 = 0)
			) AS u
			CROSS JOIN LATERAL (
				VALUES (''shape'', n.distance, u.distance), (''level'', n.mean, u.mean),
				       (''spread'', n.sigma, u.sigma)
			) AS f (kind, value, expected)
			WHERE u.mean IS NOT NULL
		),
		middle AS (
			SELECT u.kind, percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(u.deviation)) AS usual
			FROM usual AS u
			GROUP BY u.kind
		),
		units AS (
			SELECT m.kind, m.usual,
			       greatest(coalesce(nullif(percentile_cont(0.5) WITHIN GROUP (
			                    ORDER BY abs(abs(u.deviation) - m.usual)), 0),
			                1.2533 * avg(abs(abs(u.deviation) - m.usual))),
			                CASE m.kind WHEN ''shape'' THEN 0.05 ELSE (
			                    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY n.sigma) * 1e-2
			                           + abs(percentile_cont(0.5) WITHIN GROUP (ORDER BY n.mean)) * 1e-6
			                    FROM near AS n) END) AS unit
			FROM middle AS m JOIN usual AS u USING (kind)
			GROUP BY m.kind, m.usual
		)
		SELECT u.day, u.kind, u.value, u.expected,
		       CASE WHEN d.unit > 0 AND (u.kind <> ''shape'' OR u.deviation > 0)
		            THEN greatest((abs(u.deviation) - d.usual) / d.unit, 0) ELSE 0 END
		FROM usual AS u JOIN units AS d USING (kind)
		WHERE u.day >= $3', compare.point, compare.distance)
	USING sensor, metric, since, upto, k;
END
$$;

-- The same of many series: those scores that are over the factor.
CREATE FUNCTION day_discords(sensors int[], metrics smallint[], since date, upto date,
                             k int DEFAULT 3, factor float8 DEFAULT 10)
RETURNS TABLE (sensor_id int, metric_id smallint, day date, kind text, value float8, expected float8,
               score float8)
LANGUAGE sql STABLE AS $$
	SELECT s.sensor_id, s.metric_id, o.*
	FROM unnest(sensors, metrics) AS s (sensor_id, metric_id)
	CROSS JOIN LATERAL odd_days_of(s.sensor_id, s.metric_id, since, upto, k) AS o
	WHERE o.score > factor
$$;
