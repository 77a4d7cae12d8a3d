#!/bin/bash
# tsdb-query similar and discords: rows in every format, pictures, and why a day cannot be compared.
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

tsdb-admin init --dry-run 2>/dev/null | awk '/^---- common\/0090_/ { skip = 1 } /^SELECT make_partitions/ { skip = 0 } !skip' >old.sql
psql -Xq -v ON_ERROR_STOP=1 -f old.sql
fails "a schema without profiles" 78 tsdb-query discords
like "says what to do" "$(cat err)" "has no profiles of days: run 'tsdb-admin migrate'"
tsdb-admin --quiet migrate
check "an empty database" tsdb-query discords
is "has names of columns" "$(awk '{ $1 = $1; print }' out)" "day type sensor metric kind score value expected"
fails "and no sensor" 66 tsdb-query similar --sensor any --day -1d

# Five weeks of four sensors: a wave with a name to quote, a flat one, one with gaps, one that is young. Ten days ago the
# wave stood on its head, and the flat one jumped.
sql "SELECT make_partitions('$(day_ago 36)', '$(day_ago 0)');
	SELECT register_sensors('{t,t,t,t}', ARRAY['it''s, \"a\" wave', 'flat', 'gaps', 'young'], '{1,1,1,1}'), register_metrics('{temperature}');
	UPDATE metrics SET unit = '°C'" >/dev/null
sql "INSERT INTO sensor_readings (time, value, sensor_id, metric_id, quality)
	SELECT t.time, CASE k.sensor WHEN 1 THEN 20 + 5 * t.sign * sin(t.hour / 24.0 * 2 * pi()) + 0.3 * sin(t.day * 7 + t.hour * 3)
			WHEN 2 THEN 50 + (1 - t.sign) * t.hour ELSE sin(t.hour) END, k.sensor, 1, 1
	FROM generate_series(1, 4) AS k (sensor), (
		SELECT '$(day_ago 0) 00:30Z'::timestamptz - d * interval '24 hours' + h * interval '1 hour' AS time, d AS day, h AS hour,
			CASE d WHEN 10 THEN -1 ELSE 1 END AS sign
		FROM generate_series(1, 35) AS d, generate_series(0, 23) AS h) AS t
	WHERE NOT (k.sensor = 4 AND t.day > 5 OR k.sensor = 3 AND (t.day = 3 AND t.hour > 12 OR t.day = 4 AND t.hour BETWEEN 5 AND 8 OR t.day = 5))"
sql "SELECT look_up_latest('{3}', '{1}')" >/dev/null # as tsdb-copy would have noted it
check "maintain" tsdb-admin maintain
wave=(--sensor 'it*' --metric temperature)

# ---- similar ----

check "similar" tsdb-query similar "${wave[@]}" --day "$(day_ago 2)" --format json
is "five days, earlier, the nearest first" \
	"$(jq -rs --arg day "$(day_ago 2)" '[length, (map(.day < $day) | all), (map(.distance) | . == sort), .[0].sensor, .[0].unit, .[0].hours] | join(" ")' out)" \
	"5 true true it's, \"a\" wave °C 24"
like "the day itself is told" "$(cat err)" "$(day_ago 2) of 'temperature' of sensor 'it's, \"a\" wave': mean 20[.0-9]*, sigma 3\.[0-9]*"
is "they are those of the function" \
	"$(jq -rs '.[] | "\(.day)|\(.distance)|\(.mean)|\(.sigma)|\(.hours)"' out)" \
	"$(sql "SELECT * FROM similar_days(1, 1::smallint, '$(day_ago 2)', 5, '-infinity', '$(day_ago 2)')")"
check "--from, --to, --k" tsdb-query similar "${wave[@]}" --day "$(day_ago 20)" --from "$(day_ago 19)" --to "$(day_ago 16)" --k 9 --format tsv
is "also later days" "$(cut -f1 out | sort)" "$(day_ago 19)
$(day_ago 18)
$(day_ago 17)
day"
check "csv" tsdb-query similar "${wave[@]}" --day -2d --k 1 --format csv
is "quotes names" "$(head -n 1 out; grep -c ',t,"it'"'"'s, ""a"" wave",temperature,[0-9.]*,[0-9.]*,[0-9.]*,24,°C$' out)" \
	"day,type,sensor,metric,distance,mean,sigma,hours,unit
1"
check "a table, all series" tsdb-query similar --day -2d --k 2
is "two days of each" "$(awk 'NR > 1 { print $3 }' out | sort | uniq -c | awk '{ print $1, $2 }' | tr '\n' ' ')" "2 flat 2 gaps 2 it's, 2 young "
tsdb-query similar "${wave[@]}" --day "$(day_ago 10)" --to now --k 1 --format json >out 2>err
is "to a day on its head none is near" "$(jq '.distance > 9' out)" true
tsdb-query similar --sensor flat --day -2d --k 1 --format json >out 2>err
is "flat days are alike" "$(jq -c '[.distance, .sigma]' out)" "[0,0]"

# ---- days that cannot be compared ----

# why DAYS_AGO REASON
why() {
	fails "$1 days ago" 66 tsdb-query similar --sensor "${3:-gaps}" --day "$(day_ago "$1")"
	like "$2" "$(cat err)" "$(day_ago "$1") of 'temperature' of sensor '${3:-gaps}' $2"
}
why 3 'has readings in 13 hours only: 20 are needed'
why 4 'has no readings for 4 hours in a row: more than 3'
why 5 'has no readings'
why 0 'has no readings'
sql "DELETE FROM day_profiles WHERE sensor_id = 3 AND day = '$(day_ago 8)'"
why 8 'has no profile yet: tsdb-admin maintain fills it'
check "of several series, some" tsdb-query similar --day "$(day_ago 3)" --k 1 --format tsv
is "are compared" "$(wc -l <out)" 4
like "and the others told" "$(cat err)" "'gaps' has readings in 13 hours"
fails "no such sensor" 66 tsdb-query similar --sensor nothing --day -1d
like "which it says" "$(cat err)" "there is no sensor 'nothing'"

# ---- discords ----

check "discords" tsdb-query discords --format json
is "the odd days and ways" "$(jq -r '"\(.sensor) \(.day) \(.kind)"' out | sort)" "flat $(day_ago 10) level
flat $(day_ago 10) shape
flat $(day_ago 10) spread
it's, \"a\" wave $(day_ago 10) shape"
is "the oddest first" "$(jq -s 'map(.score) | . == (sort | reverse) and all(. > 10)' out)" true
like "too young ones are told" "$(cat err)" '1 series have profiles of fewer than 14 days'
like "the others counted" "$(cat err)" 'series compared: 3$'
is "they are those of the function" "$(jq -rs 'map([.day, .sensor, .kind, .score, .value, .expected] | join("|")) | .[]' out | sort)" \
	"$(sql "SELECT o.day, s.name, o.kind, o.score, o.value, o.expected
		FROM day_discords('{1,2,3,4}', '{1,1,1,1}', '$(day_ago 90)', '$(day_ago 0)') AS o JOIN sensors AS s USING (sensor_id)" | sort)"
check "--factor" tsdb-query discords "${wave[@]}" --factor 0 --format tsv
is "lower gives more" "$(($(wc -l <out) > 20))" 1
check "--from" tsdb-query discords --from -9d --format tsv
is "judges those days only" "$(wc -l <out)" 1
check "--k" tsdb-query discords "${wave[@]}" --k 1 --format tsv
is "another neighbour" "$(cut -f1,5 out | tail -n 1)" "$(day_ago 10)	shape"
check "days without a series long enough" tsdb-query discords --sensor young
like "are no failure" "$(cat err)" 'series compared: 0'

# ---- pictures ----

NO_COLOR='' tsdb-query similar "${wave[@]}" --day -2d --k 2 --plot --width 70 --height 14 >out 2>err
is "hours of days as lines" "$(grep -c "t it's, \"a\" wave temperature $(day_ago 2)$" out) $(grep -cE ' at 0\.[0-9]{2}$' out) $(grep -cE '[┤│]' out)" "1 2 11"
tsdb-query discords --plot --width 80 --quiet >out 2>err
is "odd days as a map: series that have any" "$(grep -c '│' out) $(grep -c '█' out)" "2 3"
like "with what a place is" "$(tail -n 1 out)" "$(day_ago 89) to $(day_ago 0), 2 days a place; ▒ over 10, █ over 20"
is "nothing odd, no map" "$(tsdb-query discords --sensor gaps --plot --quiet 2>err)" "no odd day"
if command -v gnuplot >/dev/null; then
	check "similar as PNG" tsdb-query similar "${wave[@]}" --day -2d --plot=a.png
	check "discords as SVG" tsdb-query discords --plot=b.svg
	is "are such" "$(head -c 4 a.png | tail -c 3) $(grep -c '</svg>' b.svg)" "PNG 1"
	check "nothing odd, no file" tsdb-query discords --sensor gaps --plot=c.svg
	check "is written" test ! -e c.svg
else
	skip "pictures as files" "gnuplot is not installed"
fi

# ---- usage ----

fails "no day" 64 tsdb-query similar
fails "an empty span" 64 tsdb-query similar --day -5d --from -3d
fails "a factor for similar" 64 tsdb-query similar --day -1d --factor 3
fails "a day for discords" 64 tsdb-query discords --day -1d
fails "aggregates of days" 64 tsdb-query discords --agg avg
like "are for readings" "$(cat err)" '--agg is for readings'
fails "records of days" 64 tsdb-query discords --format r1
fails "k without a command" 64 tsdb-query --k 3
fails "a k of nothing" 64 tsdb-query discords --k 0
fails "another word" 64 tsdb-query alike --day -1d
fails "two words" 64 tsdb-query similar discords --day -1d

# ---- the examples of the manual page ----

sql "UPDATE sensors SET name = 'north' WHERE sensor_id = 1"
sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/s/^\.Dl \(tsdb-query \(similar\|discords\).*\)/\1/p' "$root/man/tsdb-query.1" >examples
is "the manual page has examples" "$(wc -l <examples)" 3
command -v gnuplot >/dev/null || sed -i '/plot=/d' examples
while read -r line; do
	check "runs: ${line:0:60}" bash -c "$line"
done <examples
finish
