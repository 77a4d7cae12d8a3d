#!/bin/bash
# The examples of sensorpipe(7) and sensorpipe-records(5) run as they are printed.
. "${0%/*}/../lib/tap.sh"
. "$root/tests/lib/example.sh"
. "$root/pipelines/services.sh"
cleanup() { services_end; }
services_begin "$work/services"
start_postgres fsync=off && start_broker || { flunk "services start"; finish; }

number() {
	sed -nE "s/.*\\b$2 ([0-9]+).*/\\1/p" "$1" | tail -n 1
}
set -o pipefail

text=$(example sensorpipe.7 'sensor-sim --count 5')
is "the readings of five messages" "$(eval "$text" 2>err | grep -c '^r1')" 5

# The worker of the overview, with this test's broker for "broker", and an end.
text=$(example sensorpipe.7 'tsdb-admin init')
text=${text/-h broker/-h 127.0.0.1 -p $MQTT_PORT -C 100 -W 60}
eval "$text" >worker.out 2>worker.err &
worker=$!
check "the worker subscribes" wait_for 30 grep -q subscribed worker.err
sensor-sim --count 100 --seed 1 2>err | mqtt-pub5 -h 127.0.0.1 -p "$MQTT_PORT" --quiet
wait "$worker"
is "the worker ends well" "$?" 0
is "and stored what was published" "$(number worker.err stored)" 100

# The worker with a spool: its first part ends by itself, the second once all is stored.
text=$(example sensorpipe.7 'mqtt-replay --follow')
text=${text//-h broker/-h 127.0.0.1 -p $MQTT_PORT -C 100 -W 60}
bash -c "$text" >spool.out 2>spool.err &
worker=$!
check "the worker with a spool subscribes" wait_for 30 grep -q 'session resumed' spool.err
sensor-sim --count 100 --seed 2 2>err | mqtt-pub5 -h 127.0.0.1 -p "$MQTT_PORT" --quiet
text=$(example sensorpipe.7 'tsdb-admin lag')
all_stored() { grep -q 'received 100 messages' spool.err && eval "$text" | grep -q '^behind  *0 messages'; }
check "the lag of it is nothing in the end" wait_for 60 all_stored
pkill -TERM -P "$worker" -x mqtt-replay
wait "$worker"
is "it stored what was published" "$(number spool.err stored)" 100

text=$(example sensorpipe.7 'tee dump')
check "a dump is kept while it is stored, and stored again" eval "$text"
is "the second time finds only duplicates" "$(number err duplicates)" 1000

{ sensor-sim --count 200 --errors 20 --seed 2 | sensor-decode --reject decode.x1; } >out 2>err
text=$(example sensorpipe-records.5 'cut -f4 decode.x1')
is "the reasons add up to the dead letters" "$(eval "$text" | awk '{ n += $1 } END { print n }')" "$(wc -l <decode.x1)"

now=$(date -u +%FT%TZ)
printf 'x1\t%s\tsensor-decode\tbad-json\td\tm1\t0\t%s\tsensors/climat/c-1\tq0\tapplication/json\t\t{"temperature":1}\n' \
	"$now" "$now" >decode.x1
text=$(example sensorpipe-records.5 'cut -f6- decode.x1')
like "a dead letter is mended and decoded" "$(eval "$text" 2>err)" "$(printf '\tclimate\tc-1\t\ttemperature=1$')"

printf 'timestamp,value\n2013-12-02 21:15:00,73.96732207\n' >machine.csv
text=$(example sensorpipe-records.5 'awk -F,')
like "a table becomes messages by awk" "$(eval "$text" | sensor-decode 2>err)" \
	"$(printf '\t2013-12-02T21:15:00.000000Z\tmachine\tm-1\t\ttemperature=73.96732207$')"
finish
