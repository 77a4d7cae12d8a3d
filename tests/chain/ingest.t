#!/bin/bash
# The chain of one worker, live: broker to database, a lone message, a flood, dead letters mended and
# fed back, the end by SIGTERM.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
ingest=
cleanup() {
	[ -z "$ingest" ] || kill -KILL "$ingest" 2>/dev/null
	services_end
}
services_begin "$work/services"
start_postgres fsync=off && start_broker || { flunk "services start"; finish; }
check "tsdb-admin init" tsdb-admin init

stored() {
	[ "$(psql -qAtXc "SELECT count(*) FROM readings WHERE $1")" -ge "${2:-1}" ]
}
publish() {
	mosquitto_pub -h 127.0.0.1 -p "$MQTT_PORT" -V 5 -q 1 "$@"
}

mkdir rejects metrics
METRICS=$work/metrics REJECTS=$work/rejects "$root/pipelines/ingest" \
	-h 127.0.0.1 -p "$MQTT_PORT" -t 'sensors/+/+' -q 1 --share ingest -i worker-1 -c -x 600 2>ingest.err &
ingest=$!
check "the worker subscribes" wait_for 20 grep -q subscribed ingest.err

publish -t sensors/climate/c-1 -D publish content-type application/json -m '{"temperature":21.50,"humidity":40}'
check "a message published alone is stored" wait_for 20 stored "sensor = 'c-1' AND metric = 'temperature' AND value = 21.5"

hour_ago=$(date -u -d '1 hour ago' +%FT%T.25Z)
# With metadata in user properties instead of the topic, and a time of its own.
publish -t sensors/any/where -D publish content-type application/json -D publish user-property type climate \
	-D publish user-property sensor c-2 -D publish user-property schema 1 \
	-D publish user-property time "$hour_ago" -m '{"temperature":-5}'
check "user properties name type, sensor and time" wait_for 20 stored \
	"type = 'climate' AND sensor = 'c-2' AND time = '$hour_ago' AND value = -5"

check "a fleet is published" eval 'sensor-sim --count 20000 --seed 3 | mqtt-pub5 -h 127.0.0.1 -p "$MQTT_PORT"'
all="SELECT (SELECT count(DISTINCT (sensor_id, time)) FROM (SELECT sensor_id, time FROM sensor_readings
	UNION SELECT sensor_id, time FROM sensor_texts) both_)"
check "all of it is stored" wait_for 60 eval '[ "$(psql -qAtXc "$all")" = 20002 ]'

# A refused message: mended and fed back, it is stored.
publish -t sensors/climate/c-3 -D publish content-type application/json -m '{"temperature":"21.5"}'
publish -t sensors/climate/c-3 -D publish content-type application/json -m '{"temperature":21.5'
check "wrong messages become dead letters" wait_for 20 test -s rejects/validate.x1 -a -s rejects/decode.x1
check "the dead letter of sensor-validate, mended, is stored" eval \
	'cut -f6- rejects/validate.x1 | sed "s/=\"21.5\"/=21.5/" | sensor-validate | tsdb-copy'
check "is in the table" stored "sensor = 'c-3' AND value = 21.5" 1
check "the dead letter of sensor-decode, mended, is stored" eval \
	'cut -f6- rejects/decode.x1 | sed "s/21.5$/21.25}/" | sensor-decode | sensor-validate | tsdb-copy'
check "is in the table" stored "sensor = 'c-3' AND value = 21.25" 1

kill -TERM "$ingest"
wait "$ingest"
is "SIGTERM ends the chain with status 0" "$?" 0
ingest=
like "the subscriber tells what it took" "$(cat ingest.err)" '^mqtt-sub5: received 20004 messages'
like "the copier tells what became of it" "$(cat ingest.err)" \
	'^tsdb-copy: received 20004, stored 20002, duplicates 0, rejected 0, skipped 2, .*latency p50'
for tool in sensor-decode sensor-validate tsdb-copy; do
	like "$tool left its metrics" "$(cat "metrics/$tool.prom")" '^sensorpipe_[a-z_]+(\{.*\})? [0-9]'
done
finish
