#!/bin/bash
# Subscribers of one group share the messages: each message goes to exactly one of them.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
pids=()
cleanup() {
	[ ${#pids[@]} = 0 ] || kill -KILL "${pids[@]}" 2>/dev/null
	services_end
}
services_begin "$work/services"
start_broker || { flunk "services start"; finish; }
count=3000

for n in 1 2 3; do
	mqtt-sub5 -p "$MQTT_PORT" -c -i "member-$n" --share workers -t 'jobs/#' >"got.$n" 2>"err.$n" &
	pids+=($!)
	wait_for 20 grep -q connected "err.$n"
done
mqtt-sub5 -p "$MQTT_PORT" -c -i lone -t 'jobs/#' -C $count -W 60 >got.all 2>err.all &
lone=$!
wait_for 20 grep -q connected err.all

for i in $(seq $count); do
	printf 'm1\t0\t2026-01-31T12:00:00.000000Z\tjobs/%d\tq1\t\t\t%d\n' $((i % 7)) "$i"
done >records
check "published" mqtt-pub5 -p "$MQTT_PORT" <records
wait "$lone"
is "a subscriber outside the group gets all, in order" "$(cut -f8 got.all)" "$(seq $count)"

all_there() {
	[ "$(cat got.[123] | wc -l)" -ge $count ]
}
check "the group gets as many" wait_for 30 all_there
kill -TERM "${pids[@]}"
for pid in "${pids[@]}"; do
	wait "$pid"
	is "SIGTERM ends a member with status 0" "$?" 0
done
pids=()
is "each message once" "$(cut -f8 got.[123] | sort -n)" "$(seq $count)"
for n in 1 2 3; do
	check "member $n has a share" test -s "got.$n"
	like "member $n counts it" "$(cat "err.$n")" "received $(wc -l <"got.$n") messages"
done
fails "a group name with a slash" 64 mqtt-sub5 -p "$MQTT_PORT" --share a/b -t x
finish
