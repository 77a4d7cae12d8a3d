#!/bin/bash
# The broker goes away and comes back: the tools connect again, a session that the broker kept is resumed
# without loss, and one that it forgot is reported.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
sub= pub=
cleanup() {
	[ -z "$sub$pub" ] || kill -KILL $sub $pub 2>/dev/null
	services_end
}
services_begin "$work/services"
mkdir "$work/services/store"
cat >lasting.conf <<END
allow_anonymous true
persistence true
persistence_location $work/services/store/
max_inflight_messages 1024
max_queued_messages 1000000
END
start_broker lasting.conf || { flunk "services start"; finish; }
count=20000

mqtt-sub5 -p "$MQTT_PORT" -c -i lasting -t 'r/#' --metrics sub.prom >got 2>sub.err &
sub=$!
wait_for 20 grep -q connected sub.err

# Published slowly enough for two restarts to fall into it.
for i in $(seq $count); do
	printf 'm1\t0\t2026-01-31T12:00:00.000000Z\tr/%d\tq1\t\t\t%d\n' $((i % 7)) "$i"
done >records
mqtt-pub5 -p "$MQTT_PORT" --rate 8000 --reject letters <records 2>pub.err &
pub=$!
for restart in 1 2; do
	lines=$(wc -l <got)
	more() { [ "$(wc -l <got)" -gt "$lines" ]; }
	check "messages flow before restart $restart" wait_for 20 more
	stop_broker
	start_broker lasting.conf || flunk "the broker starts again"
	reconnected() { [ "$(grep -c 'connected again' sub.err)" -ge $restart ]; }
	check "the subscriber connects again ($restart)" wait_for 60 reconnected
done
wait "$pub"
is "the publisher ends with status 0" "$?" 0
pub=
like "with every record published" "$(cat pub.err)" \
	"read $count records, published $count, refused 0, rejected 0, unacknowledged 0; sent again"
like "after connecting again" "$(cat pub.err)" 'reconnects [1-9]'
is "without dead letters" "$(cat letters 2>/dev/null)" ""

complete() { [ "$(cut -f8 got | sort -n -u | wc -l)" = $count ]; }
check "the subscriber has every message" wait_for 30 complete
is "and no other" "$(cut -f8 got | sort -n -u | tail -n 1)" $count
like "sessions were resumed" "$(cat sub.err)" 'connected again .*session resumed'
is "none was lost" "$(grep -c 'messages may be lost' sub.err)" 0
like "SIGTERM from the broker is told" "$(cat sub.err)" "ended the connection of client 'lasting': server shutting down|is lost"

# A broker that forgets, because it stores nothing and is killed.
stop_broker
rm -f "$work"/services/store/*
grep -v persistence lasting.conf >forgetful.conf
start_broker forgetful.conf || flunk "the broker starts again"
check "a forgotten session is reported" wait_for 60 grep -q "has no session of client 'lasting' any more" sub.err
check "and the subscription made again" wait_for 20 grep -q 'connected again .*new session' sub.err
printf 'm1\t0\t2026-01-31T12:00:00.000000Z\tr/last\tq1\t\t\tlast\n' | mqtt-pub5 -p "$MQTT_PORT" --quiet
check "so that messages come again" wait_for 20 grep -q 'last$' got
kill -TERM "$sub"
wait "$sub"
is "SIGTERM ends the subscriber with status 0" "$?" 0
sub=
like "the loss is counted in the summary" "$(cat sub.err)" 'reconnects 3, session losses 1'
like "and in the metrics" "$(cat sub.prom)" '^sensorpipe_mqtt_session_losses_total 1$'
like "as the reconnects are" "$(cat sub.prom)" '^sensorpipe_mqtt_reconnects_total 3$'

# A chain may start before its broker.
stop_broker
mqtt-sub5 -p "$MQTT_PORT" -t 'r/#' -E 2>early.err &
sub=$!
check "a broker that is not there yet is waited for" wait_for 20 grep -q 'Connection refused; trying again in' early.err
start_broker forgetful.conf || flunk "the broker starts again"
wait "$sub"
is "and then connected to" "$?" 0
sub=
stop_broker
fails "--no-retry: mqtt-sub5 ends" 69 mqtt-sub5 -p "$MQTT_PORT" -t 'r/#' --no-retry
fails "--no-retry: mqtt-pub5 ends" 69 mqtt-pub5 -p "$MQTT_PORT" --no-retry <records
like "with the reason" "$(cat err)" 'Connection refused'

# Asked to stop without a broker: nothing is read that could not be published.
rm pub.err # what an earlier one said is not its word
mqtt-pub5 -p "$MQTT_PORT" --reject letters <records 2>pub.err &
pub=$!
wait_for 20 grep -q 'trying again' pub.err
kill -TERM "$pub"
wait "$pub"
is "SIGTERM before the first connection: status 75" "$?" 75
pub=
like "nothing was read" "$(cat pub.err)" 'read 0 records, published 0, refused 0, rejected 0, unacknowledged 0'

# Asked to stop when the broker went away: what is left is a dead letter, not lost.
start_broker forgetful.conf || flunk "the broker starts again"
mkfifo pipe
rm pub.err
mqtt-pub5 -p "$MQTT_PORT" --reject letters <pipe 2>pub.err &
pub=$!
exec 4>pipe
wait_for 20 grep -q connected pub.err
stop_broker
wait_for 20 grep -q 'trying again' pub.err
head -n 3 records >&4
kill -TERM "$pub"
exec 4>&-
wait "$pub"
is "SIGTERM while records are left: status 75" "$?" 75
pub=
is "what was read and not published is a dead letter" "$(cut -f4,6- letters)" "$(sed -n $'1,3s/^/unacknowledged\t/p' records)"
finish
