#!/bin/bash
# tsdb-copy --jobs: several connections share the work, and the watermark never passes what is not stored.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
pid=
cleanup() {
	if [ -n "$pid" ]; then kill -KILL "$pid" 2>/dev/null; fi
	services_end
}
services_begin "$work/services"
start_postgres fsync=off || { flunk "postgres starts"; finish; }
check "tsdb-admin init" tsdb-admin init

sql() { psql -XqAtc "$1"; }
reset() { sql "TRUNCATE sensor_readings, sensor_texts, ingest_watermarks"; }

# Message i is one of its sensor's readings, and its value is i.
N=20000
awk -v n=$N 'BEGIN {
	for (i = 1; i <= n; i++) {
		t = sprintf("2026-01-01T%02d:%02d:%02d.%06dZ", i / 3600 % 24, i / 60 % 60, i % 60, i)
		printf "r1\t%d\t%s\t%s\tclimate\ts-%d\t1\ta=%d\n", i, t, t, i % 97, i
	}
}' >all.r1
slowly() { split -l 500 --filter='cat; sleep 0.03' all.r1; }
# Looks, in one snapshot each time, whether as many messages are stored up to the watermark as it says.
watch() {
	local line
	while [ ! -e stopped ]; do
		line=$(sql "SELECT w.seq, count(*) = w.seq FROM ingest_watermarks AS w
			JOIN sensor_readings AS r ON r.value <= w.seq GROUP BY w.seq")
		echo "$line"
		sleep 0.02
	done >looks
}

connections() { [ "$(sql "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tsdb-copy'")" = "$1" ]; }
slowly | tsdb-copy --jobs 4 --max-batch 300 --source jobs 2>summary &
check "there are four connections" wait_for 20 connections 4
watch &
watcher=$!
wait_for 60 eval '[ "$(tsdb-admin watermark jobs)" = '$N' ]'
wait %1
touch stopped
wait $watcher
is "all are stored" "$(sql "SELECT count(*), sum(value) FROM sensor_readings")" "$N|$((N * (N + 1) / 2))"
like "the summary counts them" "$(cat summary)" "received $N, stored $N, duplicates 0, rejected 0, skipped 0"
check "the watermark was looked at while it moved" [ "$(sort -u looks | grep -c .)" -gt 3 ]
is "it never passed what was not stored" "$(grep -c '|f$' looks)" 0
is "nor did it go back" "$(cut -d '|' -f 1 looks | grep . | sort -nc 2>&1)" ""
reset

# ---- killed, and started again behind the watermark ----

slowly | tsdb-copy --jobs 3 --max-batch 200 --source kill 2>/dev/null &
wait_for 20 eval '[ "$(tsdb-admin watermark kill)" -gt 2000 ]'
pid=$(pgrep -P $$ -x tsdb-copy)
kill -KILL "$pid"
wait 2>/dev/null
mark=$(tsdb-admin watermark kill)
is "killed midway" "$((mark > 0 && mark < N))" 1
is "what the watermark says is stored" "$(sql "SELECT count(*) FROM sensor_readings WHERE value <= $mark")" "$mark"
check "the rest" eval 'tail -n +$((mark + 1)) all.r1 | tsdb-copy --jobs 2 --source kill'
like "none of it is rejected" "$(cat err)" 'rejected 0,'
is "completes it" "$(sql "SELECT count(*), sum(value) FROM sensor_readings")" "$N|$((N * (N + 1) / 2))"
is "the watermark has come to its end" "$(tsdb-admin watermark kill)" $N
reset

# ---- what comes for one key is stored in order ----

# reading SEQ SENSOR VALUE
reading() { printf 'r1\t%s\t%s\t%s\tclimate\t%s\t1\ta=%s\n' "$1" "${at}" "${at}" "$2" "$3"; }
at=2026-01-01T00:00:00.000000Z
for ((i = 0; i < 4000; i++)); do reading $((i + 1)) "s-$((i % 40))" $((i / 40)); done >same.r1
check "a hundred values for each of forty keys, the last one stays" eval \
	'tsdb-copy --jobs 5 --max-batch 50 --on-conflict replace --source order <same.r1'
is "it is the last one" "$(sql "SELECT count(*), min(value), max(value) FROM sensor_readings")" "40|99|99"
reset
fails "kept, the first one stays" 0 eval \
	'tsdb-copy --jobs 5 --max-batch 50 --reject dead --source order <same.r1'
is "it is the first one" "$(sql "SELECT count(*), min(value), max(value) FROM sensor_readings")" "40|0|0"
is "the others are dead letters" "$(cut -f 4 dead | sort | uniq -c | awk '{ print $1, $2 }')" "3960 conflict"
is "behind which the watermark has come" "$(tsdb-admin watermark order)" 4000
reset

# ---- messages of several sensors, skips, and what is refused ----

{
	for ((i = 1; i <= 300; i++)); do
		reading "$i+" "a-$i" 1
		reading "$i+" "b-$i" 2
		reading "$i" "c-$i" 3
	done
	printf 's1\t301\t%s\tbad-json\n' "$at"
	printf 'r1\t302\t%s\tbroken\n' "$at"
	reading 303 last 4
} >mixed.r1
check "messages of several sensors" eval 'tsdb-copy --jobs 3 --source mixed --reject dead2 <mixed.r1'
is "are all stored" "$(sql "SELECT count(*), sum(value) FROM sensor_readings")" "901|1804"
like "and counted" "$(cat err)" 'received 903, stored 901, duplicates 0, rejected 1, skipped 1,'
is "the watermark is that of the last one" "$(tsdb-admin watermark mixed)" 303

# ---- the server goes away and comes back ----

reset
slowly | tsdb-copy --jobs 3 --max-batch 300 --source away 2>away.err &
wait_for 20 eval '[ "$(tsdb-admin watermark away)" -gt 2000 ]'
stop_postgres immediate
start_postgres
wait_for 60 eval '[ "$(tsdb-admin watermark away 2>/dev/null)" = '$N' ]'
wait %1
is "all are stored after a crash of the server" "$(sql "SELECT count(*), sum(value) FROM sensor_readings")" \
	"$N|$((N * (N + 1) / 2))"
like "none was rejected" "$(cat away.err)" 'rejected 0,'

# ---- usage ----

fails "no connection" 64 tsdb-copy --jobs 0
fails "too many connections" 64 tsdb-copy --jobs 65
finish
