#!/bin/bash
# tsdb-admin status on PostgreSQL: what it says is so, it reads little, and --watch goes on whatever becomes of the server.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/schema-checks.sh"
one_day 120

watcher='' holder=''
cleanup() {
	if [ -n "$watcher" ]; then kill "$watcher" 2>/dev/null; fi
	if [ -n "$holder" ]; then kill "$holder" 2>/dev/null; fi
	services_end
}
services_begin "$work/db"
start_postgres fsync=off || skip_all "PostgreSQL does not start"

# hold STATEMENTS: a session that runs them and stays, in a transaction, until `release`.
hold() {
	coproc HOLDER { psql -XqAt -v ON_ERROR_STOP=1; }
	holder=$HOLDER_PID hold_in=${HOLDER[1]} hold_out=${HOLDER[0]}
	printf 'BEGIN; %s;\n\\echo held\n' "$1" >&"$hold_in"
	while read -r line <&"$hold_out" && [ "$line" != held ]; do :; done
}
release() {
	printf 'COMMIT;\n\\q\n' >&"$hold_in"
	wait "$holder"
	holder=
}
json() {
	tsdb-admin status --json | jq -c "$1"
}
day() {
	date -u -d "$1 days ago" +%F
}

tsdb-admin init 2>/dev/null
is "without readings" "$(json '[.readings.oldest_day, .readings.newest, .recent, .maintain]')" '[null,null,[],[]]'
like "says so on the page" "$(tsdb-admin status)" '^  newest +-$'

# ---- what there is ----

sql "SELECT make_partitions('$(day 5)', '$(day 0)')" >made
sql "$(random_readings 3000 "'$(day 4)'::timestamptz" "now()")"
sql "INSERT INTO sensor_texts (time, value, sensor_id, metric_id, quality)
	SELECT '$(day 3)'::timestamptz + n * interval '1 s', repeat(md5(n::text), 200), 1, 1, 1 FROM generate_series(1, 50) AS n"
sql "ANALYZE"
is "oldest and newest reading" "$(json '[.readings.oldest_day, .readings.newest]')" \
	"$(sql "SELECT format('[\"%s\",\"%s\"]', min(time)::date, to_char(max(time), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')) FROM sensor_readings")"
sql "INSERT INTO sensor_readings VALUES ('2019-05-05 12:00Z', 1, 1, 1, 1), (now() + interval '40 days', 1, 1, 1, 1)"
is "also where no day is made for them" "$(json '[.readings.oldest_day, .readings.newest_age_seconds < -3400000]')" '["2019-05-05",true]'
sql "TRUNCATE sensor_readings_default"

is "rows of tables" "$(json '.tables | map(select(.table == "sensor_readings" or .table == "sensor_texts").rows_estimate)')" "[3000,50]"
is "sizes of tables, with all that belongs to them" \
	"$(json '.tables | map(select(.table | startswith("sensor_")).size_bytes)')" \
	"$(sql "SELECT format('[%s]', string_agg(size::text, ',' ORDER BY parent)) FROM (
		SELECT inhparent::regclass::text AS parent, sum(pg_total_relation_size(inhrelid)) AS size FROM pg_inherits
		WHERE inhparent IN ('sensor_readings'::regclass, 'sensor_texts'::regclass) GROUP BY 1) AS s")"
is "which is the sum of its parts" "$(json '.tables | map(.heap_bytes + .index_bytes + .toast_bytes == .size_bytes) | all')" true
is "long texts are in toast" "$(json '.tables | map(select(.table == "sensor_texts").toast_bytes)[0] > 50000')" true
is "days by state" "$(json '.partitions[0] | [.partitions, .open, .packed, .empty, .default_partition_bytes]')" '[13,5,0,8,0]'

# ---- rollups ----

tsdb-admin maintain --quiet
is "how far rollups are stored" "$(json '[.rollups.hourly_to, .rollups.daily_to]')" \
	"$(sql "SELECT format('[\"%s\",\"%s\"]', to_char(hourly_to, t), to_char(daily_to, t))
		FROM rollup_state, (SELECT 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"' AS t) AS t")"
recent() {
	sql "SELECT format('[\"%s\",%s,%s,%s,%s]', '$1', count(*), round(count(*) / extract(epoch FROM interval '1 $1'), 1)::float,
			count(*) FILTER (WHERE quality >= 4), count(DISTINCT (sensor_id, metric_id)))
		FROM sensor_readings, rollup_state WHERE time >= $2 - interval '1 $1' AND time < $2"
}
is "what arrived in the last hour and day of them" \
	"$(json '.recent | map([.last, .readings, .readings_per_second * 1, .failed, .series])')" \
	"[$(recent hour hourly_to),$(recent day daily_to)]"
late "$(random_readings 20 "'$(day 3)'::timestamptz" "'$(day 2)'::timestamptz" 1)" >/dev/null
is "late readings that wait, from which hour to which" \
	"$(json '.rollups | [.late_notes, .oldest_late_hour, .newest_late_hour]')" \
	"$(sql "SELECT format('[%s,\"%s\",\"%s\"]', count(*), to_char(min(bucket), t), to_char(max(bucket), t))
		FROM touched_hours, (SELECT 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"' AS t) AS t GROUP BY t")"

# ---- it reads little ----

sql "INSERT INTO sensor_readings (time, value, sensor_id, metric_id, quality)
	SELECT '$(day 1)'::timestamptz + n * interval '100 ms', n, 9, 9, 1 FROM generate_series(0, 799999) AS n"
part=sensor_readings_$(date -u -d yesterday +%Y%m%d)
pages() {
	sql "SELECT heap_blks_read + heap_blks_hit FROM pg_statio_user_tables WHERE relname = '$part'"
}
sql "VACUUM ANALYZE $part"
sql "TRUNCATE sensor_readings_$(date -u +%Y%m%d)" # now yesterday is the newest day
before=$(pages)
check "status of a day of some size" tsdb-admin status
like "the newest reading of it" "$(cat out)" "^  newest +$(day 1)T22:13:19.900000Z"
settled() {
	[ "$(pages)" -gt "$before" ]
}
check "the server counted" wait_for 20 settled
is "status reads the end of it" \
	"$(sql "SELECT $(pages) - $before < 2000, pg_relation_size('$part') / 8192 > 5000")" "t|t"

# ---- a maintain at work ----

hold "SELECT pg_advisory_lock(hashtext('sensorpipe maintain')); SELECT count(*) AS step_of_maintain FROM policies"
tsdb-admin status --json >status.json
is "a maintain at work is shown" "$(jq -c '.maintain | map([.pid, .running_seconds >= 0, .waiting])' status.json)" \
	"[[$(sql "SELECT pid FROM pg_locks WHERE locktype = 'advisory'"),true,false]]"
like "with its step" "$(jq -r '.maintain[0].step' status.json)" 'step_of_maintain'
release
is "and afterwards not" "$(json .maintain)" "[]"

# ---- in the way ----

hold "LOCK TABLE sensor_readings"
fails "where the tables are locked it does not wait for ever" 75 tsdb-admin status
like "and says what it could not read" "$(cat err)" 'cannot read the readings: .*lock timeout'
release

# ---- again and again ----

tsdb-admin status --json --watch=0.1 >watch.json 2>watch.err &
watcher=$!
lines() {
	[ "$(grep -c "$2" "$1")" -ge "$3" ]
}
check "--watch --json writes a line each time" wait_for 20 lines watch.json '"database":{' 3
stop_postgres
check "also of a server that is away" wait_for 20 lines watch.json '"error":"cannot connect' 3
start_postgres
seen=$(grep -c '"database":{' watch.json)
check "and of one that is back" wait_for 20 lines watch.json '"database":{' $((seen + 2))
kill -TERM "$watcher"
wait "$watcher"
is "until it is stopped" $? 0
watcher=
is "every line is an object with a time" "$(jq -c 'has("time")' watch.json | sort -u)" true
is "what is wrong is said on standard error, not each time" "$(wc -l <watch.err | awk '{ print ($1 == 1 || $1 == 2) }')" 1

tsdb-admin status --watch=0.1 >watch.txt &
watcher=$!
check "--watch writes pages" wait_for 20 lines watch.txt '^database$' 3
kill -INT "$watcher"
wait "$watcher"
is "until it is stopped (SIGINT)" $? 0
watcher=
like "each begins with the time" "$(head -n 1 watch.txt)" '^20[0-9-]+T[0-9:.]+Z$'
is "after a blank line" "$(grep -B1 '^20[0-9-]*T' watch.txt | sed -n 3p)" ""
is "without control characters" "$(tr -d '\n\40-\176' <watch.txt | wc -c)" 0

if command -v script >/dev/null; then
	TERM=xterm timeout 20 script -qec "stty rows 20; exec timeout 1 $BIN/tsdb-admin status --watch=0.2" /dev/null >screen </dev/null
	is "on a terminal it draws the page at the same place" "$(($(grep -c $'\e\\[H' screen) >= 2))" 1
	is "as high as the terminal" "$(sed -n '2,/'$'\e''\[J/p' screen | head -n 30 | wc -l)" 19
	like "saying that there is more" "$(cat screen)" '\.\.\. [0-9]+ more lines'
else
	skip "on a terminal" "script(1) is not installed"
fi
finish
