#!/bin/bash
# How mqtt-sub5 ends: after so many messages, after some time, once subscribed, by a signal, with its
# reader; and that then nothing is lost or acknowledged too much. How mqtt-pub5 keeps its pace.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
sub=
cleanup() {
	[ -z "$sub" ] || kill -KILL "$sub" 2>/dev/null
	services_end
}
services_begin "$work/services"
start_broker || { flunk "services start"; finish; }

subscribe() {
	mqtt-sub5 -p "$MQTT_PORT" -c -i "$1" -q "$2" -t 'end/#' --quiet "${@:3}"
}
for i in $(seq 5000); do
	printf 'm1\t0\t2026-01-31T12:00:00.000000Z\tend/%d\tq2\t\t\t%d\n' $((i % 7)) "$i"
done >records

# -C again and again gives each message once, in order: none of those under way is acknowledged.
for qos in 1 2; do
	check "-E makes the session (QoS $qos)" subscribe "counter-$qos" "$qos" -E
done
check "published" mqtt-pub5 -p "$MQTT_PORT" --quiet <records
for qos in 1 2; do
	for count in 1 1 100 898 4000; do subscribe "counter-$qos" "$qos" -C $count -W 30 || echo "status $?"; done >got
	is "-C takes so many and no more (QoS $qos)" "$(cut -f8 got)" "$(seq 5000)"
	subscribe "counter-$qos" "$qos" -W 0.3 >rest
	is "and none is left over (QoS $qos)" "$(cat rest)" ""
done
fails "-W before -C is met" 75 subscribe counter-1 1 -C 1 -W 0.3
check "-W alone is success" subscribe counter-1 1 -W 0.3

# A session that ends with the process takes no more either.
head -n 50 records >few
mqtt-sub5 -p "$MQTT_PORT" -t 'end/#' -C 10 -W 30 >got 2>err &
sub=$!
wait_for 20 grep -q connected err
mqtt-pub5 -p "$MQTT_PORT" --quiet <few
wait "$sub"
is "-C without a session" "$? $(wc -l <got)" "0 10"
sub=

# SIGTERM in the middle of a flood: what was written and what comes with the next run are all, each once.
check "-E makes a session" subscribe signalled 1 -E
mqtt-pub5 -p "$MQTT_PORT" --quiet <records
mqtt-sub5 -p "$MQTT_PORT" -c -i signalled -t 'end/#' --quiet >got.1 &
sub=$!
wait_for 20 test -s got.1
kill -TERM "$sub"
wait "$sub"
is "SIGTERM ends it with status 0" "$?" 0
sub=
subscribe signalled 1 -W 1 >got.2
is "nothing is lost and nothing comes twice" "$(cut -f8 got.1 got.2)" "$(seq 5000)"

# A reader that goes away.
check "-E makes a session" subscribe piped 1 -E
mqtt-pub5 -p "$MQTT_PORT" --quiet <records
mqtt-sub5 -p "$MQTT_PORT" -c -i piped -t 'end/#' 2>err | head -n 1 >got
is "a reader that has enough: status 74" "${PIPESTATUS[0]}" 74
like "is told" "$(cat err)" 'stdout: Broken pipe'
mqtt-sub5 -p "$MQTT_PORT" -t 'silent/#' 2>err | true
is "also when no message comes" "${PIPESTATUS[0]}" 74

# A reader that stands still slows the broker down; nothing is dropped.
check "-E makes a session" subscribe slow 1 -E
for i in 1 2 3 4; do
	awk -v FS='\t' -v OFS='\t' '{ $8 = $8 sprintf("%1000s", ""); print }' records
done | mqtt-pub5 -p "$MQTT_PORT" --quiet
subscribe slow 1 -C 20000 -W 60 | { sleep 1; cat; } >got
is "all messages reach a slow reader" "$(cut -f8 got | tr -d ' ')" "$(seq 5000; seq 5000; seq 5000; seq 5000)"

# The pace.
span() { # of the first and the last time of arrival in `got`, milliseconds
	local from to
	from=$(date -d "$(head -n 1 got | cut -f3)" +%s%3N)
	to=$(date -d "$(tail -n 1 got | cut -f3)" +%s%3N)
	echo $((to - from))
}
take() {
	: >err
	mqtt-sub5 -p "$MQTT_PORT" -t 'end/#' -C "$1" -W 30 >got 2>err &
	sub=$!
	wait_for 20 grep -q connected err
}
take 50
check "--rate" mqtt-pub5 -p "$MQTT_PORT" --quiet --rate 100 <few
wait "$sub"
sub=
check "spreads the messages" test "$(span)" -ge 400
for i in 0 1 2 3; do
	printf 'm1\t0\t2026-01-31T12:00:0%d.000000Z\tend/x\tq1\t\t\t%d\n' "$i" "$i"
done >timed
take 4
check "--speed" mqtt-pub5 -p "$MQTT_PORT" --quiet --speed 5 <timed
wait "$sub"
sub=
check "follows the times of the records, faster" test "$(span)" -ge 500
finish
