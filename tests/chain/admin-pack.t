#!/bin/bash
# Days that tsdb-admin maintain packs on PostgreSQL hold what they held, bit by bit, whoever reads, writes late or interferes meanwhile.
# First build only: what it proves is SQL.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/schema-checks.sh"
one_day 120

cleanup() {
	services_end
}
services_begin "$work/db"
start_postgres fsync=off jit=off || skip_all "PostgreSQL does not start"

# An hour that ends during the test would be due: near its end, wait for it.
[ "$(date +%M%S)" -lt 5800 ] || sleep $((3601 - 10#$(date +%M) * 60 - 10#$(date +%S)))

# day_ago DAYS: the date (UTC).
day_ago() {
	date -u -d "$1 days ago" +%F
}
suffix() {
	date -u -d "$1 days ago" +%Y%m%d
}
# digest [SINCE [UPTO]]: number and digest of the readings, bit by bit.
digest() {
	sql "SELECT count(*), sum(hashtextextended(concat_ws(',', sensor_id, metric_id, encode(timestamptz_send(time), 'hex'),
			encode(float8send(value), 'hex'), quality), 0)::numeric)
		FROM readings_between('${1:--infinity}', '${2:-infinity}')"
}
# forms: how many readings are packed, and how many days' partitions of old ones have pages.
forms() {
	sql "SELECT (SELECT coalesce(sum(count), 0) FROM packed_readings),
		(SELECT count(*) FROM pg_inherits WHERE inhparent = 'sensor_readings'::regclass
			AND inhrelid <> 'sensor_readings_default'::regclass AND pg_relation_size(inhrelid) > 0)"
}

tsdb-admin init --dry-run 2>/dev/null | awk '/^---- .*\/006[0-9]_/ { skip = 1 } /^---- / && !/\/006[0-9]_/ { skip = 0 } !skip' >old.sql
check "the schema as it was before" psql -Xq -v ON_ERROR_STOP=1 -f old.sql
sql "SELECT make_partitions('$(day_ago 12)', '$(day_ago 1)')" >/dev/null
sql "$(random_readings 30000 "'$(day_ago 12) 00:00Z'::timestamptz" "'$(day_ago 8) 00:00Z'::timestamptz")"
fails "tsdb-query wants the newer schema" 78 tsdb-query
check "migrate" tsdb-admin migrate --quiet
check "not yet" tsdb-admin policy set compress=never --quiet

# ---- what becomes of arrays ----

# A day long ago to try values in.
sql "SELECT make_packed_partition('1912-06-23')"
# round NAME VALUES EXPECTED: the values, a second apart, packed and unpacked, have the same bits; and the decimals,
# bytes of numbers, reals and floats they are packed as.
round() {
	is "$1" "$(sql "CREATE TEMP TABLE given AS SELECT ARRAY(SELECT v::float8 FROM ($2) AS g (v)) AS vals;
		INSERT INTO packed_readings SELECT p.* FROM given, pack_readings(1, 1::smallint,
			ARRAY(SELECT timestamptz '1912-06-23Z' + n * interval '1 s' FROM generate_series(1, cardinality(vals)) AS n),
			vals, ARRAY(SELECT 1::smallint FROM unnest(vals))) AS p;
		SELECT (SELECT string_agg(encode(float8send(value), 'hex'), ' ' ORDER BY time) FROM unpacked_readings)
			= (SELECT string_agg(encode(float8send(v), 'hex'), ' ' ORDER BY n) FROM given, unnest(vals) WITH ORDINALITY AS u (v, n)),
			scale, octet_length(numbers), cardinality(reals), cardinality(floats), times
		FROM packed_readings;
		TRUNCATE packed_readings")" "$3"
}
round "a constant takes no bytes" "SELECT 21.5 FROM generate_series(1, 100)" "t|1||||"
round "a counter that counts evenly neither" "SELECT n * 7 FROM generate_series(1, 100) AS n" "t|0||||"
round "steps of an even size are counted" "SELECT 20 + (n % 5) * 0.0625 FROM generate_series(1, 101) AS n" "t|4|100|||"
round "hundredths with noise take a byte" "SELECT round(20 + (n * 7919 % 97) / 100.0, 2) FROM generate_series(1, 101) AS n" "t|2|100|||"
round "a single reading" "VALUES (3.25)" "t|2||||"
round "two far apart" "VALUES (-1e15), (1e15)" "t|0||||"
round "three far apart" "VALUES (-1e15), (1e15), (-999999999999999)" "t|0|14|||"
round "decimals up to the ninth" "VALUES (0.1), (0.123456789), (-0.000000001), (99999.9)" "t|9|18|||"
round "not a tenth, as 0.1 + 0.2" "VALUES (0.1), (0.1::float8 + 0.2::float8)" "t||||2|"
round "a value too large for the decimals of another" "VALUES (1e14), (0.001)" "t||||2|"
round "too large" "VALUES (1e300), (-1e300), (9007199254740993), (1e15), (1.0000000000000001e15)" "t||||5|"
round "not a number, infinities" "VALUES ('NaN'::float8), ('Infinity'), ('-Infinity'), (0)" "t||||4|"
round "too small" "VALUES (5e-324), (-5e-324), (2.2250738585072014e-308), (1e-10)" "t||||4|"
round "the other zero" "VALUES (0::float8), ('-0'), (1)" "t|||3||"
round "floats of single precision" "VALUES (0.1::real::float8), (3.14159274::real), (-1e-20::real), (1e20::real)" "t|||4||"
round "random bits" "SELECT ('x' || substr(md5(n::text), 1, 8))::bit(32)::int / 3e9::float8 FROM generate_series(1, 50) AS n" "t||||50|"
is "times of microseconds, at the ends of a day, and flags" \
	"$(sql "CREATE TEMP TABLE given AS SELECT '{1912-06-23 00:00:00Z, 1912-06-23 00:00:00.000001Z, 1912-06-23 00:00:00.9Z,
			1912-06-23 17:01:02.345678Z, 1912-06-23 23:59:59.999999Z}'::timestamptz[] AS times, '{9,1,4,-32768,32767}'::smallint[] AS flags;
		INSERT INTO packed_readings SELECT p.* FROM given, pack_readings(1, 1::smallint, times, '{1,2,3,4,5}', flags) AS p;
		SELECT array_agg(r.time ORDER BY r.time) = times, array_agg(r.quality ORDER BY r.time) = flags
		FROM given, unpacked_readings AS r GROUP BY times, flags;
		DROP TABLE packed_readings_19120623")" "t|t"

# ---- a database from before is packed ----

# Of values that no number can be, flagged 4, so that sums do not depend on the order: one at odd times, and a series
# that is cut.
sql "INSERT INTO sensor_readings
	SELECT '$(day_ago 10) 00:00Z'::timestamptz + n * interval '0.271828 s' * 100, 'NaN', 6, 1, 4 FROM generate_series(1, 500) AS n;
	INSERT INTO sensor_readings
	SELECT '$(day_ago 10) 00:00Z'::timestamptz + n * interval '7 s', random() ^ 3 * (n - 300), 7, 1, 4 FROM generate_series(1, 12001) AS n"
before=$(digest)
check "maintain does not pack" tsdb-admin maintain --quiet
is "what is not to be packed" "$(forms)" "0|4"
check "a day that is rolled up" tsdb-admin policy set compress=7d --quiet
check "is packed by maintain" tsdb-admin maintain
like "which says so" "$(cat err)" '; readings: [34][0-9]{4} packed$'
is "all of it, and the room is given back" "$(forms)" "$(sql "SELECT count(*) FROM series_readings")|0"
is "a row has 5000 readings at most" "$(sql "SELECT count(*), max(count) FROM packed_readings WHERE sensor_id = 7")" "3|5000"
is "the readings are the same, bit by bit" "$(digest)" "$before"
is "by the views, too" "$(sql "SELECT (SELECT count(*) FROM series_readings), (SELECT count(*) FROM readings)")" \
	"$(sql "SELECT n, (SELECT count(*) FROM series_readings JOIN sensors USING (sensor_id) JOIN metrics USING (metric_id))
		FROM (SELECT count(*) AS n FROM series_readings) AS s")"
is "also for who has to name their schema" \
	"$(sql "SET search_path TO pg_catalog; SELECT (SELECT count(*) FROM public.series_readings), (SELECT count(*) FROM public.readings)")" \
	"$(sql "SELECT (SELECT count(*) FROM series_readings), (SELECT count(*) FROM readings)")"
is "the rollups are right" "$(wrong_rollups)" "0|0"
is "maintain again has nothing to do" "$(tsdb-admin maintain --dry-run)" ""
is "status tells how much room they take" \
	"$(tsdb-admin status --json | jq -c '.packed[] | [.days, .first_day, .last_day, .readings_estimate, .bytes_per_reading < 20]')" \
	"[4,\"$(day_ago 12)\",\"$(day_ago 9)\",$(sql "SELECT count(*) FROM series_readings"),true]"
is "reading_span() sees them" "$(sql "SELECT oldest = (SELECT min(time) FROM series_readings), newest = (SELECT max(time) FROM series_readings)
	FROM reading_span()")" "t|t"
sql "EXPLAIN (COSTS OFF) SELECT * FROM readings_between('$(day_ago 10) 05:00Z', '$(day_ago 10) 06:00Z') WHERE sensor_id = 7 AND metric_id = 1" >plan
is "readings_between() opens the partitions of its day alone" "$(grep -oE ' on [a-z]+_readings_[a-z0-9]+ ' plan | sort -u | tr -d '\n')" \
	" on packed_readings_$(suffix 10)  on sensor_readings_$(suffix 10) "
is "and what is at its edges is right" \
	"$(sql "SELECT count(*), min(time) >= '$(day_ago 10) 05:00Z', max(time) < '$(day_ago 10) 06:00Z'
		FROM readings_between('$(day_ago 10) 05:00Z', '$(day_ago 10) 06:00Z') WHERE sensor_id = 7")" \
	"$(sql "SELECT count(*), true, true FROM series_readings WHERE sensor_id = 7
		AND time >= '$(day_ago 10) 05:00Z' AND time < '$(day_ago 10) 06:00Z'")"

# ---- the way back ----

check "a day is unpacked by hand" sql "SELECT unpack_day('$(day_ago 10)')"
is "into rows" "$(sql "SELECT count(*) > 12000 FROM sensor_readings WHERE time < '$(day_ago 9) 00:00Z'")" t
is "the same" "$(digest)" "$before"
check "and packed again" tsdb-admin maintain --quiet
is "the same" "$(digest) $(forms | sed 's/.*|//')" "$before 0"

# ---- who writes without a word ----

key="sensor_id = 7 AND metric_id = 1 AND time = '$(day_ago 10) 00:00:07Z'"
sql "INSERT INTO sensor_readings VALUES ('$(day_ago 10) 00:00:07Z', 4711, 7, 1, 9), ('$(day_ago 10) 00:00:08Z', 4712, 7, 1, 4),
	('$(day_ago 10) 23:59:59Z', 4713, 7, 1, 4)"
check "rows beside packed ones of their series, and over one" tsdb-admin maintain --quiet
is "stay, and take the place of what was packed" "$(sql "SELECT value, quality FROM series_readings WHERE $key")" "4711|9"
is "the others are there" "$(sql "SELECT count(*) FROM series_readings WHERE sensor_id = 7")" 12003
is "no time twice" "$(sql "SELECT count(*) FROM (SELECT FROM series_readings GROUP BY sensor_id, metric_id, time HAVING count(*) > 1) AS d")" 0
is "all packed" "$(forms | sed 's/.*|//')" 0

# ---- late readings by tsdb-copy ----

check "an empty start" sql "SELECT unpack_day('$(day_ago 10)'); TRUNCATE sensor_readings, packed_readings, latest_readings"
fleet() { # VALUE [FIRST [LAST]]: readings of two sensors, one a minute of the day 10 days ago
	awk -v OFS='\t' -v start="$(date -u -d "$(day_ago 10)" +%s)" -v value="$1" -v first="${2:-0}" -v last="${3:-1399}" 'BEGIN {
		for (i = first; i <= last; i++) for (s = 1; s <= 2; s++) {
			t = strftime("%Y-%m-%dT%H:%M:%S.000000Z", start + 60 * i, 1)
			print "r1", 0, t, t, "climate", "late-" s, 1, "a=" i + value, "b=" s
		}
	}'
}
pack() {
	tsdb-admin maintain --quiet && is "all of it is packed" "$(forms | sed 's/.*|//')" 0
}
counts() {
	grep -o 'received.*rows [0-9]*' "${1:-err}"
}
# late NAME OPTION...: with packed days, new readings, those that are there, and others of their keys.
late_into_packed() {
	local name=$1
	shift
	sql "TRUNCATE sensor_readings, packed_readings, touched_hours, rollup_hourly, rollup_daily"
	fleet 0.5 | tsdb-copy --quiet
	pack
	fleet 0.5 | check "$name: the same once more" tsdb-copy "$@"
	is "$name: are all duplicates" "$(counts)" "received 2800, stored 0, duplicates 2800, rejected 0, skipped 0, rows 0"
	pack
	fleet 0.5 600 610 | check "$name: some of them" tsdb-copy "$@"
	is "$name: are duplicates" "$(counts)" "received 22, stored 0, duplicates 22, rejected 0, skipped 0, rows 0"
	pack
	{ fleet 0.5 1390 1410; fleet 7.5 100 104; } | check "$name: old, new and other ones" tsdb-copy "$@" --reject conflict.x1
	is "$name: are told from each other" "$(counts)" "received 52, stored 22, duplicates 20, rejected 10, skipped 0, rows 44"
	is "$name: with what is stored" "$(grep -c 'a: 104.5 is stored, not 111.5' conflict.x1)" 2
	rm conflict.x1
	pack
	is "$name: the first stay" "$(sql "SELECT count(*), sum(value) FROM series_readings WHERE metric_id = 1")" "2822|$((1410 * 1411 + 1411))"
	fleet 7.5 100 104 | check "$name: the others, to replace" tsdb-copy "$@" --on-conflict replace
	is "$name: are stored" "$(counts)" "received 10, stored 10, duplicates 0, rejected 0, skipped 0, rows 10"
	pack
	is "$name: in their place" "$(sql "SELECT count(*), sum(value) FROM series_readings WHERE metric_id = 1")" "2822|$((1410 * 1411 + 1411 + 70))"
	is "$name: the rollups are right" "$(wrong_rollups)" "0|0"
}
late_into_packed "INSERT" --copy-min 1000000
late_into_packed "COPY" --copy-min 1

createuser writer
createuser reader
tsdb-admin --quiet grant writer writer
tsdb-admin --quiet grant reader reader
fleet 9.5 5 6 | check "a writer of the role writes late" tsdb-copy -d user=writer --reject conflict.x1
is "as far as that may be" "$(counts)" "received 4, stored 0, duplicates 0, rejected 4, skipped 0, rows 0"
is "a reader of the role reads what is packed" "$(tsdb-query -d user=reader --metric a --from "$(day_ago 10)" --to "$(day_ago 9)" --agg count --quiet --format csv | tail -n 2 | cut -d, -f4 | tr '\n' ' ')" "1411 1411 "
pack

# ---- beside each other ----

# A reader that came before sees its state to the end, though the partition is vacuumed meanwhile.
sql "SELECT unpack_day('$(day_ago 10)')" >/dev/null
before=$(digest)
coproc OLD { psql -XqAt -v ON_ERROR_STOP=1; }
old=$OLD_PID old_in=${OLD[1]} old_out=${OLD[0]}
printf 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM sensors;\n' >&"$old_in"
read -r _ <&"$old_out"
check "maintain beside a reader that looks at an older state" tsdb-admin maintain
like "packs" "$(cat err)" 'readings: [1-9][0-9]* packed'
printf 'SELECT count(*) FROM series_readings; COMMIT;\n\\q\n' >&"$old_in"
read -r seen <&"$old_out"
wait "$old"
is "whom nothing is taken from" "$seen" "${before%%|*}"
is "and whoever comes now sees the same" "$(digest)" "$before"
pack
is "the room is given back when it is gone" "$(digest)" "$before"

# Readers and late writers while days are packed and unpacked, again and again; killed at times.
late "INSERT INTO sensor_readings SELECT '$(day_ago 9) 00:00Z'::timestamptz + n * interval '8.6 s', n, s, 1, 1
	FROM generate_series(1, 10000) AS n, generate_series(11, 12) AS s" >/dev/null
n=$(sql "SELECT count(*) FROM series_readings WHERE sensor_id > 10")
: >looks
(
	while [ ! -e done ]; do
		sql "SELECT count(*), sum(value) FROM readings_between('$(day_ago 9)', '$(day_ago 8)') WHERE sensor_id > 10" >>looks
	done
) & looker=$!
(
	for i in {1..12}; do fleet 0.5 $((1410 + i)) $((1410 + i)); done >late.r1
	while [ ! -e done ]; do
		shuf -n 5 late.r1 | tsdb-copy --quiet --reject beside.x1 || echo failed >>copies
		echo >>copies
	done
) & copier=$!
for delay in 0.05 0.1 0.2 0.3 0.5; do
	tsdb-admin maintain --quiet 2>/dev/null & maintain=$!
	sleep $delay
	kill -KILL $maintain 2>/dev/null
	wait $maintain 2>/dev/null
	wait_for 60 eval '[ "$(sql "SELECT count(*) FROM pg_locks WHERE locktype = '"'advisory'"' AND objsubid = 1")" = 0 ]'
	sql "SELECT unpack_day('$(day_ago 9)')" >/dev/null
done
tsdb-admin maintain --quiet 2>maintain.err
touch done
wait $looker $copier
is "a reader never saw another number or sum" "$(sort -u looks | wc -l) $(head -n 1 looks | cut -d'|' -f1)" "1 $n"
check "looked often" [ "$(wc -l <looks)" -gt 3 ]
is "late writers went on" "$(grep -c failed copies) $(($(wc -l <copies) > 1))" "0 1"
check "nothing they stored was another's" [ ! -s beside.x1 ]
check "maintain after all that" tsdb-admin maintain --quiet
is "no time is there twice" "$(sql "SELECT count(*) FROM (SELECT FROM series_readings GROUP BY sensor_id, metric_id, time HAVING count(*) > 1) AS d")" 0
is "the rollups are right" "$(wrong_rollups)" "0|0"
is "each late reading is there" \
	"$(sql "SELECT count(*) FROM series_readings WHERE metric_id = 1 AND sensor_id < 10")" "$(sql "SELECT sum(count) FROM readings_daily WHERE metric_id = 1 AND sensor_id < 10")"

# A late writer that is not through holds up the packing of its day, and is not held up.
sql "SELECT unpack_day('$(day_ago 9)')" >/dev/null
coproc OLD { psql -XqAt -v ON_ERROR_STOP=1; }
old=$OLD_PID old_in=${OLD[1]} old_out=${OLD[0]}
printf "BEGIN; SELECT loosen_hours('{%s 05:00Z}', '{11}', '{1}');\n" "$(day_ago 9)" >&"$old_in"
read -r _ <&"$old_out"
fails "maintain leaves a day that is being written to" 75 tsdb-admin maintain
like "as it says" "$(cat err)" "pack $(day_ago 9): in use; left for the next time"
printf 'COMMIT;\n\\q\n' >&"$old_in"
wait "$old"
pack

# ---- what is old goes ----

sql "UPDATE rollup_state SET raw_from = '-infinity'"
check "readings are kept for 9 days" tsdb-admin policy set raw=9d --quiet
check "maintain drops what is older" tsdb-admin maintain
is "packed or not" "$(sql "SELECT min(right(relname, 8)), count(*) FILTER (WHERE relname LIKE 'packed%') FROM pg_class WHERE relname ~ '^(packed|sensor)_readings_\d{8}$'")" \
	"$(suffix 9)|1"
is "the rest is there" "$(sql "SELECT count(*) FROM series_readings WHERE sensor_id > 10")" "$n"
finish
