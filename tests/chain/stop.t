#!/bin/bash
# SIGTERM to the whole process group of a chain, in the middle of a flood: it drains from its head, every part
# ends with 0, and the next run of the same session takes up where it ended. Nothing is lost, nothing comes twice.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
chain=
cleanup() {
	[ -z "$chain" ] || kill -KILL -- "-$chain" 2>/dev/null
	services_end
}
services_begin "$work/services"
start_postgres fsync=off && start_broker || { flunk "services start"; finish; }
check "tsdb-admin init" tsdb-admin init

count=40000
stored() {
	psql -qAtXc "SELECT count(*) FROM (SELECT sensor_id, time FROM sensor_readings
		UNION SELECT sensor_id, time FROM sensor_texts) AS both_tables"
}
# number FILE NAME: the number that follows NAME in a summary line.
number() {
	sed -nE "s/.*\\b$2 ([0-9]+).*/\\1/p" "$1" | tail -n 1
}
start_chain() {
	# A group of its own; its shell waits for the tools, which take the signal themselves.
	setsid bash -o pipefail -c "trap '' TERM
		mqtt-sub5 -h 127.0.0.1 -p $MQTT_PORT -t 'sensors/#' -q 1 -c -i worker 2>sub.err |
		sensor-decode 2>decode.err | sensor-validate 2>validate.err | tsdb-copy 2>copy.err" &
	chain=$!
	wait_for 20 grep -q subscribed sub.err
}

: >sub.err
check "the chain starts" start_chain
{ sensor-sim --rate 20000 --count $count --seed 5 | mqtt-pub5 -h 127.0.0.1 -p "$MQTT_PORT"; } 2>publish.err &
publisher=$!
total=0
for run in 1 2 3; do
	sleep 0.5
	if [ $run = 3 ]; then
		wait "$publisher"
		check "all of it is stored in the end" wait_for 60 eval '[ "$(stored)" = $count ]'
	fi
	kill -TERM -- "-$chain"
	wait "$chain"
	is "run $run: the chain ends with 0" "$?" 0
	chain=
	taken=$(number sub.err received)
	is "run $run: what was taken is stored" "$(number copy.err received), $(number copy.err stored)" "$taken, $taken"
	total=$((total + taken))
	if [ $run != 3 ]; then
		: >sub.err
		check "run $((run + 1)) resumes" start_chain
	fi
done
is "what was published was taken, once" "$total" "$(number publish.err published)"
is "which is all of it" "$total" "$count"
finish
