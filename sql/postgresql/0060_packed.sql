-- Old days packed: the readings of a series and day in a row of arrays, or some rows of at most 5000
-- readings each, instead of a row each. They come back as they were, bit by bit.
--
-- Whole numbers are kept as `unit`, `step` and `planes`: each differs from the one before it by unit
-- * (step + d), where step is the middle one, so that d is mostly small. The d are zigzag coded (0,
-- -1, 1, -2, 2 are 0, 1, 2, 3, 4), and planes has first the lowest byte of every d, then the next one
-- of every d, and so on as far as any is not 0. Bytes that are alike so lie together, and compression
-- takes what they have in common away; even intervals take no planes at all.
--
-- Times are such numbers, microseconds; so are values times a power of ten where that loses nothing,
-- as with everything that a sensor printed in decimals. Where it would, there are floats.
--
--   Zigzag: Protocol Buffers, "Encoding". Planes of bytes: "shuffle" of HDF5, byte stream split of
--   Parquet. The exactness of n / 10^k: D. Goldberg, What Every Computer Scientist Should Know About
--   Floating-Point Arithmetic (1991); a quotient of two exact floats is the float nearest to it, and
--   so is what a decimal is read as.

INSERT INTO policies (name, value) VALUES ('compress', '7 days'); -- readings of sensor_readings

CREATE TABLE packed_readings (
	first_time timestamptz NOT NULL,
	last_time  timestamptz NOT NULL,
	time_unit  bigint NOT NULL, -- microseconds
	time_step  bigint NOT NULL,
	base       bigint,          -- the first number; null with floats, as those about numbers are
	unit       bigint,
	step       bigint,
	sensor_id  int NOT NULL,
	count      int NOT NULL,
	metric_id  smallint NOT NULL,
	scale      smallint,        -- a value is its number / 10^scale
	quality    smallint NOT NULL,
	times      bytea,           -- planes; null: all d are 0
	numbers    bytea,           -- planes; null: all d are 0
	reals      real[],          -- the values, if each is one
	floats     float8[],        -- the values otherwise
	qualities  smallint[],      -- null: all are `quality`
	PRIMARY KEY (sensor_id, metric_id, first_time)
) PARTITION BY RANGE (first_time);
COMMENT ON TABLE packed_readings IS 'readings of old days, many to a row; see unpacked_readings';

-- Bytes stay in the row if it fits a page: in a table of their own, rows of one or two kilobytes take a
-- tenth more room.
ALTER TABLE packed_readings
	ALTER times SET STORAGE MAIN, ALTER numbers SET STORAGE MAIN, ALTER reals SET STORAGE MAIN,
	ALTER floats SET STORAGE MAIN, ALTER qualities SET STORAGE MAIN;
DO $$
BEGIN
	-- PostgreSQL 14, if it was built with it. pglz leaves bytes alone of which it saves no quarter.
	EXECUTE 'ALTER TABLE packed_readings
	         ALTER times SET COMPRESSION lz4, ALTER numbers SET COMPRESSION lz4,
	         ALTER reals SET COMPRESSION lz4, ALTER floats SET COMPRESSION lz4,
	         ALTER qualities SET COMPRESSION lz4';
EXCEPTION WHEN syntax_error OR feature_not_supported OR invalid_parameter_value THEN
	NULL;
END
$$;

-- sum() of bigint is numeric, and slow; there is no gcd() of many.
CREATE AGGREGATE sum_of_bigint(bigint) (sfunc = int8pl, stype = bigint, initcond = '0');
CREATE AGGREGATE gcd_of_bigint(bigint) (sfunc = gcd, stype = bigint, initcond = '0');

-- The numbers after the first, as told above. Two of them are less than 2^55 apart.
CREATE FUNCTION pack_numbers(numbers bigint[], OUT unit bigint, OUT step bigint, OUT planes bytea)
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	deltas  bigint[];
	highest bigint;
BEGIN
	SELECT greatest(gcd_of_bigint(u.b - u.a), 1),
	       coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY u.b - u.a), 0),
	       array_agg(u.b - u.a)
	INTO unit, step, deltas
	FROM unnest(numbers[2:], numbers[:cardinality(numbers) - 1]) AS u (b, a);
	step := step / unit;
	SELECT array_agg((s.d << 1) # (s.d >> 63)), max((s.d << 1) # (s.d >> 63)) INTO deltas, highest
	FROM (SELECT x / unit - step AS d FROM unnest(deltas) AS x) AS s;
	FOR plane IN 0 .. 6 LOOP
		EXIT WHEN coalesce(highest >> (8 * plane), 0) = 0;
		planes := coalesce(planes, '') || (
			SELECT string_agg(set_byte('\x00', 0, (z >> (8 * plane) & 255)::int), '')
			FROM unnest(deltas) AS z
		);
	END LOOP;
END
$$;

-- Number i, from 0, of planes of n, as one. (Nested, so that none looks at planes that are not
-- there; an expression, so that it is inlined.)
CREATE FUNCTION packed_number(planes bytea, width int, n int, i int) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN width > 0 THEN get_byte(planes, i) + CASE WHEN width > 1 THEN
		(get_byte(planes, n + i)::bigint << 8) + CASE WHEN width > 2 THEN
		(get_byte(planes, 2 * n + i)::bigint << 16) + CASE WHEN width > 3 THEN
		(get_byte(planes, 3 * n + i)::bigint << 24) + CASE WHEN width > 4 THEN
		(get_byte(planes, 4 * n + i)::bigint << 32) + CASE WHEN width > 5 THEN
		(get_byte(planes, 5 * n + i)::bigint << 40) + CASE WHEN width > 6 THEN
		(get_byte(planes, 6 * n + i)::bigint << 48)
		ELSE 0 END ELSE 0 END ELSE 0 END ELSE 0 END ELSE 0 END ELSE 0 END ELSE 0 END
$$;

-- The readings. OFFSET 0 keeps expressions from being evaluated anew for each reading: those of b,
-- which decompress, and those of d, used twice. (A view, not a function, whose names would be looked up
-- again by everyone who reads.)
CREATE VIEW unpacked_readings AS
SELECT p.sensor_id, p.metric_id, r.time, r.value, r.quality, p.first_time, p.last_time
FROM packed_readings AS p
CROSS JOIN LATERAL (
	SELECT p.first_time
	       + p.time_unit * (i * p.time_step + sum_of_bigint((t >> 1) # -(t & 1)) OVER so_far)
	         * interval '1 microsecond' AS time,
	       CASE WHEN p.scale IS NULL THEN coalesce(d.reals[i + 1]::float8, d.floats[i + 1])
	            ELSE (p.base + p.unit * (i * p.step + sum_of_bigint((n >> 1) # -(n & 1)) OVER so_far))
	                 / d.divisor END AS value,
	       coalesce(d.qualities[i + 1], p.quality) AS quality
	FROM (
		SELECT i, b.reals, b.floats, b.qualities, b.divisor,
		       CASE WHEN i = 0 THEN 0
		            ELSE packed_number(b.times, b.times_width, p.count - 1, i - 1) END AS t,
		       CASE WHEN i = 0 THEN 0
		            ELSE packed_number(b.numbers, b.numbers_width, p.count - 1, i - 1) END AS n
		FROM (
			SELECT p.times || '' AS times, p.numbers || '' AS numbers,
			       octet_length(p.times) / nullif(p.count - 1, 0) AS times_width,
			       octet_length(p.numbers) / nullif(p.count - 1, 0) AS numbers_width,
			       p.reals || '{}' AS reals, p.floats || '{}' AS floats,
			       p.qualities || '{}' AS qualities, ('1e' || p.scale)::float8 AS divisor
			OFFSET 0
		) AS b
		CROSS JOIN generate_series(0, p.count - 1) AS i
		OFFSET 0
	) AS d
	WINDOW so_far AS (ROWS UNBOUNDED PRECEDING)
) AS r;
COMMENT ON VIEW unpacked_readings IS 'the readings of packed_readings, and which row they are of';
