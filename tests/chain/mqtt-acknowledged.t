#!/bin/bash
# mqtt-pub5 --acknowledged: the output holds exactly what the broker took, through the broker's restarts too.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
sub=
cleanup() {
	[ -z "$sub" ] || kill -KILL "$sub" 2>/dev/null
	services_end
}
services_begin "$work/services"
printf '%s\n' 'topic readwrite open/#' 'topic read secret/#' >rights
chmod 600 rights
printf '%s\n' 'allow_anonymous true' "acl_file $work/rights" 'max_inflight_messages 1024' >strict.conf
start_broker strict.conf || { flunk "services start"; finish; }

publish() {
	mqtt-pub5 -p "$MQTT_PORT" --acknowledged --reject letters "$@"
}
# record TOPIC QOS PAYLOAD
record() {
	printf 'm1\t7\t2026-01-31T12:00:00.000000Z\t%s\tq%d\ttext/plain\ta=%%31&b=\t%s\n' "$@"
}

{
	record open/1 1 'one\n'
	record open/2 0 zero
	record secret/3 1 refused
	printf '{"tst":"2026-01-31T12:00:00.000000Z+0000", "topic":"open/4","qos":2,"retain":0,"payloadlen":1,"payload":"j"}\n'
	record 'open/#' 1 unpublishable
	echo nonsense
	record open/5 2 two
} >records
check "records of all kinds are published" publish <records
is "those the broker acknowledged come out as they were read" "$(sort out)" "$(sed -n '1p;4p;7p' records | sort)"
is "those it refused are dead letters, as ever" "$(cut -f4 letters | sort | tr '\n' ' ')" \
	"not-a-record refused unpublishable "
like "the counts are as without" "$(cat err)" 'read 7 records, published 4, refused 1, rejected 2, unacknowledged 0'

# Many, through a window that is full all the time, to a reader that is slow.
for i in $(seq 20000); do record open/many $((1 + i % 2)) "$i"; done >records
set -o pipefail
check "many are published" eval 'publish --window 64 <records | { sleep 1; cat; } >done'
set +o pipefail
is "each comes out once" "$(sort done | cmp - <(sort records) && wc -l <done)" 20000

# A reader that has enough.
publish --quiet <records 2>err | head -n 1 >got
is "without a reader it ends with 74" "${PIPESTATUS[0]}" 74
like "and says so" "$(cat err)" 'stdout: Broken pipe'

# The broker is killed halfway: what it acknowledged before counts, the rest is published again.
mqtt-sub5 -p "$MQTT_PORT" -q 2 -t 'open/#' >got 2>sub.err &
sub=$!
wait_for 20 grep -q subscribed sub.err
publish --rate 10000 <records >done 2>err &
publisher=$!
wait_for 20 eval '[ "$(wc -l <got)" -gt 2000 ]'
stop_broker KILL
start_broker strict.conf || flunk "the broker starts again"
wait "$publisher"
is "a broker killed halfway: status 0" "$?" 0
like "messages were sent again" "$(cat err)" 'published 20000, refused 0, rejected 0, unacknowledged 0; sent again [1-9]'
is "each comes out once all the same" "$(sort done | cmp - <(sort records) && wc -l <done)" 20000
finish
