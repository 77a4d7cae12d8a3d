#!/bin/bash
# From a spool to the database by store, and what tsdb-admin lag says of it: caught up, killed at each part and
# started again, with the database away, set back to an older state, and replaced by a standby. Nothing is lost.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
writer=${BIN%/bin}/tests/helper/spool-writer
store='' lagging=''
cleanup() {
	if [ -n "$store" ]; then pkill -KILL -s "$store"; fi
	if [ -n "$lagging" ]; then kill "$lagging"; fi
	services_end
}
services_begin "$work/services"
start_postgres fsync=off || { flunk "services start"; finish; }

export SPOOL=$work/spool SOURCE=plant1
# spool COUNT SEED [OPTION...]: so many messages more, in segments of 64 KiB that are kept.
spool() {
	sensor-sim --count "$1" --seed "$2" "${@:3}" --start "$(date -u -d "-$2 hours" +%FT%TZ)" --interval 0.1 2>sim.err |
		"$writer" "$SPOOL" 65536 3600 >spooled 2>writer.err
}
lag() { tsdb-admin lag --spool "$SPOOL" "$@" plant1; }
caught_up() { lag --max-messages 0; }
# of NAME: a number of the last look at the lag.
of() { jq ".$1" <lag.json; }
look() { lag --json >lag.json 2>lag.err; }
# messages: how many are stored.
messages() {
	psql -qAtXc "SELECT count(*) FROM (SELECT sensor_id, time FROM sensor_readings
		UNION SELECT sensor_id, time FROM sensor_texts) AS both_tables"
}
start_store() {
	setsid "$root/pipelines/store" 2>>store.err &
	store=$!
}
# ends STATUS: store ends with this status and leaves nothing behind.
ends() {
	local status=0
	wait "$store" || status=$?
	[ "$status" = "$1" ] || { echo "status $status"; tail -n 20 store.err; return 1; }
	wait_for 20 eval '! pgrep -s "$store"'
}
# part TOOL: its process id.
part() { pgrep -s "$store" -x "$1"; }
running() { part mqtt-replay && part sensor-decode && part sensor-validate && part tsdb-copy; }

check "a spool is written" spool 1000 1
fails "a database without a schema is told" 78 lag
like "with the way out" "$(cat err)" "run 'tsdb-admin init'"
check "tsdb-admin init" tsdb-admin init

# Nothing is stored yet.
check "lag looks" look
is "all that is in the spool is behind" "$(of behind_messages), $(of committed)" "1000, 0"
is "the head is the last message" "$(of head)" "$(tail -n 1 spooled | cut -f2)"
fails "behind by more than allowed" 75 lag --max-messages 999
check "by as much as allowed" lag --max-messages 1000
fails "for longer than allowed" 75 lag --max-seconds 0
check "for less than allowed" lag --max-seconds 7200

start_store
check "store catches up" wait_for 30 caught_up
is "all is stored" "$(messages)" 1000
check "lag looks" look
is "nothing is behind" "$(of behind_messages), $(of behind_seconds)" "0, 0"
is "the watermark is the head" "$(of committed)" "$(of head)"
checkpoint_follows() { look && [ "$(of checkpoint)" = "$(of committed)" ]; }
check "the checkpoint follows" wait_for 20 checkpoint_follows

# The numbers jump where a writer is started anew; the messages are counted.
kill -STOP "$(part mqtt-replay)"
check "more is written by another start" spool 500 2
check "lag looks" look
is "messages are counted, not numbers" "$(of behind_messages)" 500
check "numbers say something else" test $(($(of head) - $(of committed))) -gt 1000
kill -CONT "$(part mqtt-replay)"
check "store catches up" wait_for 30 caught_up
is "all is stored" "$(messages)" 1500

# Each part is killed while messages pass.
expected=1500
for tool in mqtt-replay sensor-decode sensor-validate tsdb-copy; do
	spool 5000 $((expected / 1000 + 10)) --rate 10000 &
	feeder=$!
	wait_for 20 running
	sleep 0.$((RANDOM % 3 + 1))
	kill -KILL "$(part $tool)"
	check "killing $tool ends store" ends 137
	start_store
	wait "$feeder"
	expected=$((expected + 5000))
	check "started again, it catches up" wait_for 60 caught_up
	is "all is stored, once" "$(messages)" "$expected"
done

# The database is set back to an older state: what it lost is sent again from the spool.
before=$(psql -qAtXc "SELECT seq FROM ingest_watermarks WHERE source = 'plant1'")
old=$(psql -qAtXc "SELECT md5(string_agg(readings::text, ',' ORDER BY time, type, sensor, metric)) FROM readings")
kill -TERM "$store"
check "SIGTERM ends store with 0" ends 0
first=$(cut -f2 "$(ls "$SPOOL"/*.m1 | head -n 1)" | head -n 1)
back=$((first + 299)) # the first 300 messages are stored, nothing later
lost=$(cut -f3 "$(ls "$SPOOL"/*.m1 | head -n 1)" | sed -n 300p)
psql -qX <<-SQL
	DELETE FROM sensor_readings;
	DELETE FROM sensor_texts;
	UPDATE ingest_watermarks SET seq = $back WHERE source = 'plant1';
SQL
head -n 300 "$(ls "$SPOOL"/*.m1 | head -n 1)" | sensor-decode 2>out | sensor-validate 2>out | tsdb-copy --source other 2>out
is "300 messages are left" "$(messages)" 300
check "lag looks" look
is "what is to be sent again is counted" "$(of behind_messages)" $((expected - 300))
start_store
check "store sends it again" wait_for 60 caught_up
is "all is stored" "$(messages)" "$expected"
is "as it was" \
	"$(psql -qAtXc "SELECT md5(string_agg(readings::text, ',' ORDER BY time, type, sensor, metric)) FROM readings")" "$old"
is "the watermark is where it was" "$(psql -qAtXc "SELECT seq FROM ingest_watermarks WHERE source = 'plant1'")" "$before"

# A standby that was behind takes over while store runs: it notices, and a new start sends what is lost.
check "the checkpoint follows" wait_for 20 checkpoint_follows
stop_postgres
cp -a "$work/services/pg/data" "$work/standby"
start_postgres
check "more is stored" eval 'spool 200 80 && wait_for 30 caught_up'
stop_postgres immediate
rm -rf "$work/services/pg/data"
mv "$work/standby" "$work/services/pg/data"
start_postgres
is "the standby lacks it" "$(messages)" "$expected"
spool 100 85
check "store ends" ends 75
like "saying why" "$(cat store.err)" '^tsdb-copy: database: its watermark went back'
start_store
check "started again, it catches up" wait_for 60 caught_up
expected=$((expected + 300))
is "all is stored" "$(messages)" "$expected"

# Away, and back again.
check "the checkpoint follows" wait_for 20 checkpoint_follows
tsdb-admin lag --spool "$SPOOL" --watch=0.2 plant1 >watch.out 2>watch.err &
lagging=$!
stop_postgres
spool 100 90
fails "lag tells that the database is away" 69 lag
like "saying so" "$(cat err)" 'cannot connect: .*; counting from the checkpoint$'
like "and shows what the spool holds" "$(cat out)" '^behind +100 messages'
check "lag counts on" wait_for 20 grep -Eq ' - +100  [0-9]' watch.out
start_postgres
check "store goes on when it is back" wait_for 60 caught_up
expected=$((expected + 100))
is "all is stored" "$(messages)" "$expected"
check "lag watches on" wait_for 20 eval 'tail -n 1 watch.out | grep -q " 0  0 s$"'
kill -TERM "$lagging"
wait "$lagging"
is "until it is stopped" $? 0
lagging=

# A watermark that does not belong to this spool.
psql -qXc "UPDATE ingest_watermarks SET seq = seq + 100000000000000000 WHERE source = 'plant1'"
fails "a watermark beyond the head is a fault" 65 lag
like "that is told" "$(cat err)" 'the watermark is beyond the head of the spool'
echo $((before - 1)) >"$SPOOL/trimmed"
psql -qXc "UPDATE ingest_watermarks SET seq = $back WHERE source = 'plant1'"
fails "so are messages that are gone" 65 lag
like "told with the last of them" "$(cat err)" "up to number $((before - 1)) were deleted"
rm "$SPOOL/trimmed"

kill -TERM "$store"
check "SIGTERM ends store with 0" ends 0
store=
finish
