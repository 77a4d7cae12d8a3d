#!/bin/bash
# Profiles of days on PostgreSQL: maintain fills them as awk does, again after late readings; odd days are those that awk finds.
# First build only: what it proves is SQL.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/schema-checks.sh"
. "$root/tests/lib/profile-checks.sh"
one_day 120

cleanup() {
	services_end
}
services_begin "$work/db"
start_postgres fsync=off jit=off || skip_all "PostgreSQL does not start"

# An hour that ends during the test would be due: near its end, wait for it.
[ "$(date +%M%S)" -lt 5800 ] || sleep $((3601 - 10#$(date +%M) * 60 - 10#$(date +%S)))

# ---- from a schema without them ----

tsdb-admin init --dry-run 2>/dev/null | awk '/^---- common\/0090_/ { skip = 1 } /^SELECT make_partitions/ { skip = 0 } !skip' >old.sql
check "the schema as it was before" psql -Xq -v ON_ERROR_STOP=1 -f old.sql
sql "SELECT make_partitions('$(day_ago 12)', '$(day_ago 0)')" >/dev/null
sql "$(given 1 10 {0..23}); $(given 1 9 {0..4} {8..23}); $(given 1 8 {3..22}); $(given 1 7 {0..23})" # 24, 21, 20 hours
sql "$(given 1 6 {0..9} {12..20}); $(given 1 5 {0..3} {8..23})"                                              # 19; 4 in a row are missing
# A constant day, one but for rounding, one of tiny and one of huge values, and one of failed readings.
sql "INSERT INTO sensor_readings SELECT '$(day_ago 4) 00:30Z'::timestamptz + h * interval '1 hour', v.value, v.sensor, 1, v.quality
	FROM generate_series(0, 23) AS h, LATERAL (VALUES (2, 7.25, 1), (3, 1000 + 1e-12 * h, 1), (4, 1e-150 * h, 1), (5, 9e99 * (-1) ^ h, 1),
		(6, h, 4)) AS v (sensor, value, quality)"
check "migrate" tsdb-admin migrate --quiet
is "none yet" "$(profiles)" ""
check "maintain" tsdb-admin maintain
like "says how many it filled" "$(cat err)" 'day profiles: 8 filled;'
is "those of days with hours enough, flat ones marked" "$(profiles)" \
	"1|10|24|24.250000|2.005202|f
1|9|21|24.104167|1.757301|f
1|8|20|24.458333|1.903487|f
1|7|24|24.250000|2.005202|f
2|4|24|7.250000|0.000000|t
3|4|24|1000.000000|0.000000|t
4|4|24|0.000000|0.000000|t
$(sql "SELECT 5, 4, 24, round(0::float8::numeric, 6), round(9e99::float8::numeric, 6), 'f'")"
is "as awk makes them" "$(wrong_profiles)" 0
is "maintain again has nothing to do" "$(tsdb-admin maintain --dry-run)" ""
is "status tells how far" \
	"$(tsdb-admin status --json | jq -c '.profiles | [.filled_to, .days_behind, .late_notes, .compared_by]')" \
	"[\"$(day_ago 0)\",0,0,\"the extension cube\"]"

# ---- late readings ----

late "$(given 1 6 10)" >/dev/null # the 20th hour
late "INSERT INTO sensor_readings VALUES ('$(day_ago 10) 05:00Z', 100, 1, 1, 1)" >/dev/null
late "DELETE FROM sensor_readings WHERE sensor_id = 1 AND time >= '$(day_ago 7) 00:00Z' AND time < '$(day_ago 7) 06:00Z'" >/dev/null
is "what is due" "$(tsdb-admin maintain --dry-run | grep -c 'refill_profiles')" 1
check "maintain" tsdb-admin maintain
is "has another, has changed one, and has lost one" "$(profiles | grep '^1|' | cut -d'|' -f2,3 | tr '\n' ' ')" "10|24 9|21 8|20 6|20 "
is "as awk makes them" "$(wrong_profiles)" 0
is "no note is left" "$(sql "SELECT count(*) FROM profile_notes")" 0
is "maintain again has nothing to do" "$(tsdb-admin maintain --dry-run)" ""

# ---- bounded ----

sql "CREATE TABLE filled AS TABLE day_profiles; TRUNCATE day_profiles; UPDATE profile_state SET filled_to = '-infinity', settled_to = '-infinity'"
fill() {
	sql "SELECT fill_profiles('-infinity', '$(day_ago 0)', '$(day_ago 0)', 1)"
}
is "a day, and then the next" "$(fill) $(sql "SELECT '$(day_ago 0)' - filled_to FROM profile_state") $(fill) $(fill) $(fill) $(fill) $(fill)" "1 9 1 1 1 4 0"
is "until all are filled" "$(sql "SELECT '$(day_ago 0)' - filled_to FROM profile_state")" 0
is "the same" "$(sql "SELECT count(*) FROM ((TABLE filled EXCEPT TABLE day_profiles) UNION ALL (TABLE day_profiles EXCEPT TABLE filled)) AS d")" 0
sql "UPDATE profile_state SET settled_to = '$(day_ago 8)'; UPDATE day_profiles SET hours = 0"
is "days that were not settled are filled once more" "$(sql "SELECT fill_profiles('-infinity', '$(day_ago 0)', '$(day_ago 6)', 100)")" 1
is "and only they" "$(profiles | awk -F'|' '$3 > 0 { print $2 }')" 8

# ---- what comes after its time ----

sql "TRUNCATE day_profiles; INSERT INTO day_profiles TABLE filled; UPDATE rollup_state SET raw_from = '$(day_ago 8) 00:00Z';
	DELETE FROM rollup_hourly WHERE bucket < '$(day_ago 8) 00:00Z'"
late "$(given 1 9 6)" >/dev/null
check "maintain after a reading of a day whose hours are dropped" tsdb-admin maintain
is "leaves its profile" "$(sql "SELECT count(*) FROM ((TABLE filled EXCEPT TABLE day_profiles) UNION ALL (TABLE day_profiles EXCEPT TABLE filled)) AS d")" 0
is "and no note" "$(sql "SELECT count(*) FROM profile_notes")" 0

# ---- retention ----

check "policy" tsdb-admin policy set raw=7d hourly=7d daily=7d --quiet
check "maintain" tsdb-admin maintain
is "profiles go with the daily rollups" "$(sql "SELECT min('$(day_ago 0)' - day), max('$(day_ago 0)' - day) FROM day_profiles")" "4|6"
check "back" tsdb-admin policy set raw=never hourly=never daily=never --quiet

# ---- search: what awk finds ----

load() {
	awk -f "$root/tests/lib/days.awk" -v seed="$1" -v series="$2" -v days="$3" -v first="$(date -u -d 2026-01-01 +%s)" -v planted=planted |
		cut -f4,6,8 | sed 's/value=//' >hours
	sql "TRUNCATE day_profiles, rollup_hourly, rollup_daily, latest_readings;
		UPDATE profile_state SET filled_to = '-infinity', settled_to = '-infinity';
		SELECT make_month(t, m) FROM unnest('{rollup_hourly,rollup_daily}'::text[]) AS t, unnest('{2026-01-01,2026-02-01,2026-03-01}'::date[]) AS m;
		CREATE TABLE hours (time timestamptz, sensor text, value float8)" >/dev/null
	psql -Xq -c '\copy hours FROM hours'
	sql "INSERT INTO rollup_hourly (bucket, sensor_id, metric_id, count, sum, failed) SELECT time, substr(sensor, 2)::int + 1, 1, 1, value, 0 FROM hours;
		INSERT INTO rollup_daily (bucket, sensor_id, metric_id, count, failed) SELECT DISTINCT date_trunc('day', bucket), sensor_id, 1, 24, 0 FROM rollup_hourly;
		INSERT INTO latest_readings (time, value, sensor_id, metric_id, quality) SELECT now(), 0, sensor_id, 1, 1 FROM rollup_daily GROUP BY sensor_id;
		INSERT INTO sensors (sensor_id, type, name) SELECT DISTINCT substr(sensor, 2)::int + 1, 'planted', sensor FROM hours;
		INSERT INTO metrics (metric_id, name) VALUES (1, 'value');
		DROP TABLE hours; ANALYZE"
	check "the planted days are loaded and filled" sql "SELECT fill_profiles('-infinity', '2026-04-01', '2026-04-01', 1000000)"
}
load "${SEED:-11}" 100 90
day=$(sql "SELECT max(day) FROM day_profiles WHERE sensor_id = 5 AND day < '2026-03-20'")
# rounded: numbers of different hands, and to single precision, compared to five digits.
rounded() {
	awk '{ for (i = 3; i <= NF; i++) $i = sprintf("%.4g", $i + 0); print }' | sort
}
for series in 1 4 67; do
	sql "SELECT day - '2026-01-01', mean, sigma, array_to_string(shape, ' ') FROM day_profiles WHERE sensor_id = $series ORDER BY day" | tr '|' ' ' |
		awk -f "$root/tests/lib/odd-days.awk" | rounded >wanted
	sql "SELECT day - '2026-01-01', kind, value, expected, score FROM odd_days_of($series, 1::smallint, '2026-01-01', '2026-04-01', 3)" | tr '|' ' ' |
		rounded >got
	is "all scores of series $series are those of awk" "$(paste wanted got | awk '
		function far(a, b) { return (a - b) ^ 2 > (1e-3 * (a < 0 ? -a : a) + 2e-3) ^ 2 }
		$1 != $6 || $2 != $7 || far($3, $8) || far($4, $9) || far($5, $10) || NF != 10')" ""
	is "and there are some" "$(($(wc -l <got) > 200))" 1
done
sql "SELECT day, array_to_string(shape, ' ') FROM day_profiles WHERE sensor_id = 5 ORDER BY day" | tr '|' ' ' |
	awk '{ day[NR] = $1; for (h = 1; h <= 24; h++) v[NR, h] = $(1 + h); if ($1 == "'"$day"'") a = NR }
		END { for (b = 1; b < a; b++) { d = 0; for (h = 1; h <= 24; h++) d += (v[a, h] - v[b, h]) ^ 2; printf "%.5f %s\n", sqrt(d), day[b] } }' |
	sort -n | head -n 7 >wanted
is "the nearest days are those of awk" \
	"$(sql "SELECT to_char(distance, 'FM0.00000'), similar_day FROM similar_days(5, 1::smallint, '$day', 7, '-infinity', '$day')" | tr '|' ' ')" \
	"$(cat wanted)"

# Planted: found, and no more others than of them.
tsdb-query discords --from 2026-01-01 --to 2026-04-01 --format tsv --quiet >found
read -r planted hits others < <(awk 'NR == FNR { p[$1 " " $2]; n++; next }
	FNR > 1 && !seen[$3 " " $1]++ { if (($3 " " $1) in p) hits++; else others++ } END { print n, hits + 0, others + 0 }' planted found)
echo "# planted $planted, found $hits, others $others"
is "at least 19 of 20 planted days are found" "$((hits * 20 >= planted * 19))" 1
is "and no more others" "$((others <= hits))" 1

# ---- without cube ----

both() {
	sql "SELECT * FROM similar_days(5, 1::smallint, '$day', 100); SELECT * FROM odd_days_of(5, 1::smallint, '2026-01-01', '2026-04-01', 3) ORDER BY 1, 2"
}
both >with
check "grant" tsdb-admin grant --quiet
sql "CREATE ROLE viewer LOGIN; CREATE ROLE stranger LOGIN; GRANT sensorpipe_reader TO viewer"
PGUSER=viewer both >viewed
is "a reader may search" "$(cmp with viewed && wc -l <viewed)" "$(wc -l <with)"
check "by the tool, too" tsdb-query -d user=viewer similar --sensor s004 --day "$day"
PGUSER=stranger both >out 2>err
like "a stranger may not" "$(cat err)" 'permission denied'
sql "REVOKE EXECUTE ON FUNCTION cube_distance(cube, cube) FROM PUBLIC"
PGUSER=viewer both >viewed 2>err
is "without a right on cube" "$(cmp with viewed && PGUSER=viewer sql "SELECT distance ~ '^sqrt' FROM shape_distance()")" t
sql "DROP EXTENSION cube"
both >without
is "without cube the results have the same bits" "$(cmp with without && wc -l <without)" "$(wc -l <with)"
is "status says so" "$(tsdb-admin status --json | jq -r .profiles.compared_by)" arrays
like "doctor looks at them, too" "$(tsdb-admin doctor 2>/dev/null)" 'profiles: filled up to'
sql "CREATE SCHEMA elsewhere; CREATE EXTENSION cube SCHEMA elsewhere"
both >without
is "and in a schema of its own" "$(cmp with without && sql "SELECT point LIKE 'elsewhere.%' FROM shape_distance()")" t
finish
