#!/bin/bash
# Broker to database through a spool, by ingest: each part is killed in the middle of a flood, the database is
# away for a while, the whole is stopped and started again: every message that was published is stored, once.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
ingest=
cleanup() {
	if [ -n "$ingest" ]; then pkill -KILL -s "$ingest"; fi
	services_end
}
services_begin "$work/services"
start_postgres fsync=off && start_broker || { flunk "services start"; finish; }
check "tsdb-admin init" tsdb-admin init

# What is killed here are processes: nothing has to be synced for that.
export CAPTURE_OPTIONS='--sync none'
export SPOOL=$work/spool SOURCE=worker-1 REJECTS=$work/rejects METRICS=$work/metrics
mkdir "$REJECTS" "$METRICS"
options=(-h 127.0.0.1 -p "$MQTT_PORT" -t 'sensors/#' -q 1 -i worker-1)
lag() { tsdb-admin lag --spool "$SPOOL" "$@" worker-1; }
start_ingest() {
	setsid "$root/pipelines/ingest" "${options[@]}" 2>>ingest.err &
	ingest=$!
}
# ends STATUS: ingest ends with this status and leaves nothing behind.
ends() {
	local status=0
	wait "$ingest" || status=$?
	[ "$status" = "$1" ] || { echo "status $status"; tail -n 20 ingest.err; return 1; }
	wait_for 20 eval '! pgrep -s "$ingest"'
}
part() { pgrep -s "$ingest" -x "$1"; }
running() { part mqtt-sub5 && part mqtt-replay && part tsdb-copy; }
subscribed() { [ "$(grep -c 'subscribed' ingest.err)" -ge "$1" ]; }
# publish COUNT SEED [OPTION...]: until the broker has acknowledged them; of that many hours ago.
publish() {
	sensor-sim --count "$1" --seed "$2" "${@:3}" --start "$(date -u -d "-$2 hours" +%FT%TZ)" --interval 0.1 2>sim.err |
		mqtt-pub5 -h 127.0.0.1 -p "$MQTT_PORT" 2>publish.err
}
spooled() { cat "$SPOOL"/*.m1 | wc -l; }
messages() {
	psql -qAtXc "SELECT count(*) FROM (SELECT sensor_id, time FROM sensor_readings
		UNION SELECT sensor_id, time FROM sensor_texts) AS both_tables"
}
all_stored() { [ "$(messages)" = "$published" ]; }

start_ingest
check "capture subscribes" wait_for 20 subscribed 1
check "messages are published" publish 1000 1
published=1000
check "all are stored" wait_for 30 all_stored
is "and in the spool" "$(spooled)" 1000
check "nothing is behind" wait_for 20 lag --max-messages 0

# Parts are killed while messages come in; ingest starts them again. (For all of store's parts see store.t.)
for tool in mqtt-sub5 sensor-validate tsdb-copy; do
	wait_for 30 running
	publish 4000 $((published / 4000 + 2)) --rate 8000 &
	publisher=$!
	sleep 0.$((RANDOM % 3 + 1))
	kill -KILL "$(part $tool)"
	wait "$publisher"
	published=$((published + 4000))
	check "$tool is killed, and all is stored in the end" wait_for 60 all_stored
done
like "what died was told" "$(cat ingest.err)" '^ingest: capture ended with status 137; starting it again in'
like "with its part" "$(cat ingest.err)" '^store: sensor-validate ended with status 137'
check "what came twice from the broker is all that is more in the spool" test "$(spooled)" -ge "$published"

# The whole is killed, and started again.
wait_for 30 running
publish 4000 20 --rate 8000 &
publisher=$!
sleep 0.2
kill -KILL "$ingest"
check "ingest is killed, and nothing stays behind" wait_for 20 eval '! pgrep -s "$ingest"'
wait "$ingest"
wait "$publisher"
published=$((published + 4000))
: >ingest.err
start_ingest
check "it is started again, and all is stored" wait_for 60 all_stored

# The database is away: capture goes on.
stop_postgres immediate
check "messages are published while the database is away" publish 2000 21
published=$((published + 2000))
fails "lag tells so" 69 lag
check "they are in the spool" wait_for 20 eval '[ "$(spooled)" -ge $published ]'
start_postgres
check "the database is back, and all is stored" wait_for 60 all_stored

# SIGTERM in a flood: capture ends, what it took is stored; the rest waits at the broker.
publish 8000 22 --rate 4000 &
publisher=$!
sleep 0.3
kill -TERM "$ingest"
check "SIGTERM ends it with 0" ends 0
check "all that was taken is stored" lag --max-messages 0
taken=$(messages)
check "which is not all that is published" test "$taken" -lt $((published + 8000))
wait "$publisher"
published=$((published + 8000))
: >ingest.err
start_ingest
check "the next run stores the rest" wait_for 60 all_stored
kill -TERM "$ingest"
check "SIGTERM ends it with 0" ends 0
ingest=
is "no message was refused" "$(cat rejects/*.x1)" ""
for tool in mqtt-sub5 mqtt-replay sensor-decode sensor-validate tsdb-copy; do
	check "$tool left its metrics" test -s "metrics/$tool.prom"
done
finish
