#!/bin/bash
# tsdb-copy and the database: what is stored, what is a duplicate, what is rejected, and how far.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
cleanup() {
	services_end
}
services_begin "$work/services"
start_postgres fsync=off || { flunk "postgres starts"; finish; }
check "tsdb-admin init" tsdb-admin init

sql() {
	psql -XqAtc "$1"
}
# reading SEQ SECOND SENSOR METRIC=VALUE...
reading() {
	local seq=$1 time sensor=$3
	time=$(printf '2026-01-01T%02d:%02d:%02d.000000Z' $(($2 / 3600)) $(($2 / 60 % 60)) $(($2 % 60)))
	shift 3
	(IFS=$'\t'; printf 'r1\t%s\t%s\t%s\tclimate\t%s\t2\t%s\n' "$seq" "$time" "$time" "$sensor" "$*")
}
# readings FIRST LAST SENSORS: one a second, two numbers each, seq from FIRST.
readings() {
	awk -v first="$1" -v last="$2" -v sensors="$3" 'BEGIN {
		for (i = first; i <= last; i++) {
			t = sprintf("2026-01-01T%02d:%02d:%02d.000000Z", i / 3600 % 24, i / 60 % 60, i % 60)
			printf "r1\t%d\t%s\t%s\tclimate\ts-%d\t2\ta=%d\tb=%d\n", i, t, t, i % sensors, i, -i
		}
	}'
}
# counts FILE: the part of the summary that adds up.
counts() {
	grep -o 'received.*rows [0-9]*' "$1"
}
# The rows of sensor_readings that readings() makes, as checked by their sums.
contents="SELECT count(*), sum(value) FILTER (WHERE metric = 'a'), sum(value) FILTER (WHERE metric = 'b'),
	count(DISTINCT sensor) FROM readings WHERE sensor LIKE 's-%'"

# ---- both ways in give the same ----

for way in "COPY 1" "INSERT 1000000"; do
	name=${way% *} copy_min=${way#* }
	sql "TRUNCATE sensor_readings, sensor_texts, ingest_watermarks"
	readings 1 3000 100 >"$name.r1"
	check "$name: 3000 readings" tsdb-copy --copy-min "$copy_min" --max-batch 2000 --metrics m.prom <"$name.r1"
	is "$name: all are counted" "$(counts err)" \
		"received 3000, stored 3000, duplicates 0, rejected 0, skipped 0, rows 6000"
	is "$name: and are there" "$(sql "$contents")" "6000|4501500|-4501500|100"
	is "$name: in batches of --max-batch rows" "$(grep -o 'batches [0-9]*' err)" "batches 3"
	is "$name: the way is counted" \
		"$(grep -c "sensorpipe_copy_batches_total{source=\"default\",path=\"${name,,}\"} 3" m.prom)" 1
	like "$name: metrics count the stored" "$(cat m.prom)" \
		'^sensorpipe_copy_records_total\{source="default",outcome="stored"\} 3000$'

	check "$name: again" tsdb-copy --copy-min "$copy_min" --max-batch 2000 --metrics m.prom <"$name.r1"
	is "$name: all are duplicates" "$(counts err)" \
		"received 3000, stored 0, duplicates 3000, rejected 0, skipped 0, rows 0"

	readings 2901 3100 100 | check "$name: half new" tsdb-copy --copy-min "$copy_min"
	is "$name: the new half is stored" "$(counts err)" \
		"received 200, stored 100, duplicates 100, rejected 0, skipped 0, rows 200"
	is "$name: the watermark is the last" "$(tsdb-admin watermark default)" 3100
	is "$name: rows are exact" "$(sql "$contents")" "6200|4806550|-4806550|100"

	{ reading 0 1 twice a=1; reading 0 1 twice a=2; reading 0 1 twice a=3 c=4; } |
		check "$name: the same key in one batch" tsdb-copy --copy-min "$copy_min"
	is "$name: the first arrival wins, what is new of a later one is stored" "$(counts err)" \
		"received 3, stored 1, duplicates 0, rejected 2, skipped 0, rows 2"
	is "$name: value of the first" "$(sql "SELECT value FROM readings WHERE sensor = 'twice' AND metric = 'a'")" 1
done

# ---- values ----

{
	reading 0 1 v 'yes=true' 'no=false;4' 'n=-1.5e3;9' 'tiny=4.9e-324' 'state="on"'
	reading 0 2 v 'state="\\"\\u00fc\\n\\"";3' 'empty=""'
	reading 0 3 "naïve ☃" 'n=0.1'
} >values
check "numbers, truth values, texts" tsdb-copy <values
is "truth values are 1 and 0, qualities are kept" \
	"$(sql "SELECT metric, value, quality FROM readings WHERE sensor = 'v' ORDER BY metric" | tr '\n' ' ')" \
	"n|-1500|9 no|0|4 tiny|0|1 yes|1|1 "
is "texts are unescaped" \
	"$(sql "SELECT replace(value, E'\n', '<LF>'), quality FROM readings_text WHERE sensor = 'v' ORDER BY time, value" | tr '\n' ' ')" \
	'on|1 |1 "ü<LF>"|3 '
is "names are UTF-8" "$(sql "SELECT value FROM readings WHERE sensor = 'naïve ☃'")" 0.1
is "the schema version is kept" "$(sql "SELECT DISTINCT schema FROM sensors WHERE name = 'v'")" 2
reading 0 4 v n=1 | sed 's/\t2\tn=/\t7\tn=/' | check "a newer schema" tsdb-copy
reading 0 5 v n=1 | sed 's/\t2\tn=/\t\tn=/' | check "no schema named" tsdb-copy
is "the latest version named stays" "$(sql "SELECT schema FROM sensors WHERE name = 'v'")" 7

# ---- the watermark ----

{ reading 10 1 w a=1; reading 11+ 2 w a=1; reading 11+ 3 w a=1; } | check "a message not complete" tsdb-copy --source w
is "does not count" "$(tsdb-admin watermark w)" 10
reading 11 4 w a=1 | check "its last reading" tsdb-copy --source w
is "completes it" "$(tsdb-admin watermark w)" 11
reading 5 5 w a=1 | check "an older message" tsdb-copy --source w
is "does not set it back" "$(tsdb-admin watermark w)" 11
printf 's1\t12\t2026-01-01T00:00:00Z\theartbeat\n' | check "a message without readings" tsdb-copy --source w
is "counts" "$(tsdb-admin watermark w)" 12
is "as skipped" "$(counts err)" "received 1, stored 0, duplicates 0, rejected 0, skipped 1, rows 0"
reading 0 6 w a=1 | check "no sequence number" tsdb-copy --source none
is "no watermark" "$(tsdb-admin watermark none)" 0
readings 1 50 5 | check "with a checkpoint" tsdb-copy --source "quo'te" --checkpoint point --copy-min 1
is "the checkpoint file is the watermark" "$(cat point)" "$(tsdb-admin watermark "quo'te")"
is "which is the last message" "$(cat point)" 50

# ---- what the database refuses ----

sql "ALTER TABLE sensor_readings ADD CONSTRAINT devil CHECK (value <> 6.66)"
readings 5001 7000 50 | sed 's/a=\(5001\|5500\|7000\)\t/a=6.66\t/' >devil
for way in "COPY 1" "INSERT 1000000"; do
	name=${way% *} copy_min=${way#* }
	rm -f rejects
	sql "DELETE FROM sensor_readings USING sensors s WHERE s.sensor_id = sensor_readings.sensor_id AND s.name LIKE 's-%'"
	check "$name: three bad readings among 2000" \
		tsdb-copy --source "devil-$name" --reject rejects --copy-min "$copy_min" --checkpoint point <devil
	is "$name: the others are stored" "$(counts err)" \
		"received 2000, stored 1997, duplicates 0, rejected 3, skipped 0, rows 3994"
	is "$name: they are there" "$(sql "$contents" | cut -d'|' -f1)" 3994
	is "$name: the bad ones are dead letters" "$(cut -f1,3,4 rejects | sort | uniq -c | tr -s ' \t' ' ')" \
		" 3 x1 tsdb-copy database"
	like "$name: with the server's words" "$(cut -f5 rejects)" 'violates check constraint "devil"'
	is "$name: and the record as it was" "$(cut -f6- rejects)" "$(grep -wF 'a=6.66' devil)"
	is "$name: the watermark passes them" "$(tsdb-admin watermark "devil-$name")" 7000
	is "$name: and the checkpoint" "$(cat point)" 7000
done
sql "ALTER TABLE sensor_readings DROP CONSTRAINT devil"
check "the dead letters, once it is mended" eval 'cut -f6- rejects | tsdb-copy'
is "are stored" "$(counts err)" "received 3, stored 3, duplicates 0, rejected 0, skipped 0, rows 6"

# A name that is refused takes only its own readings with it.
{ reading 1 1 good a=1; reading 2 2 'b\x00d' a=1; reading 3 3 good2 'c\x00=1'; reading 4 4 good3 a=1; } |
	check "names with NUL" tsdb-copy --reject names --source names
is "the others are stored" "$(counts err)" "received 4, stored 2, duplicates 0, rejected 2, skipped 0, rows 2"
is "two dead letters" "$(cut -f4 names | tr '\n' ' ')" "database database "
is "the watermark passes them" "$(tsdb-admin watermark names)" 4

# ---- what is refused before the database is asked ----

{
	reading 1 1 ok a=1
	reading 2 1 nul 'a="x\\u0000"'
	reading 3 1 bad a=1 | sed 's/\t2\ta=/\tv2\ta=/'
	reading 9223372036854775808 1 seq a=1
	reading 4 1 number a=01
	echo garbage
} >wrong
check "broken records" tsdb-copy --reject broken --source broken <wrong
is "each is a dead letter with its code" "$(cut -f4 broken | tr '\n' ' ')" \
	"nul-in-text bad-schema seq-range malformed not-a-record "
is "the counts add up" "$(counts err)" "received 6, stored 1, duplicates 0, rejected 5, skipped 0, rows 1"
is "the watermark passes those it knows" "$(tsdb-admin watermark broken)" 3
is "originals are kept" "$(cut -f6- broken)" "$(tail -n +2 wrong)"
reading 0 9 cut a=1 | head -c -1 >cut
fails "input that ends inside a line" 65 tsdb-copy --reject cutoff <cut
is "is a dead letter" "$(cut -f4 cutoff)" truncated

# ---- latency ----

mkfifo pipe
tsdb-copy --source live <pipe 2>live.err &
pid=$!
exec 3>pipe
reading 1 1 live a=1 >&3
check "a lone reading is committed while the input stays open" wait_for 10 \
	eval '[ "$(tsdb-admin watermark live)" = 1 ]'
reading 2 2 live a=1 >&3
check "and the next" wait_for 10 eval '[ "$(tsdb-admin watermark live)" = 2 ]'
kill -TERM "$pid"
exec 3>&-
wait "$pid"
is "SIGTERM: status 0" "$?" 0
like "with a summary" "$(cat live.err)" 'received 2, stored 2, .*latency p50'

tsdb-copy --max-delay 60000 --source delayed <pipe 2>delayed.err &
pid=$!
exec 3>pipe
for i in $(seq 20); do reading "$i" "$i" delayed a=1; sleep 0.01; done >&3
exec 3>&-
wait "$pid"
is "--max-delay gathers what comes bit by bit" "$(grep -o 'batches [0-9]*' delayed.err)" "batches 1"

# ---- the examples of the manual ----

createdb sensors
check "tsdb-admin init" tsdb-admin -d sensors init
check "synthetic readings" eval 'sensor-sim --count 1000 | sensor-decode | sensor-validate | tsdb-copy -d sensors'
like "are stored" "$(cat err)" '^tsdb-copy: received [0-9]+, stored [1-9]'
is "what was rejected, by reason" "$(cut -f4,5 broken | sort | uniq -c | sort -rn | wc -l)" 5
check "--quiet" tsdb-copy --quiet </dev/null
is "prints no summary" "$(cat err)" ""
finish
