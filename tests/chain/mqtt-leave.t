#!/bin/bash
# Leaving a shared subscription for good, by SIGUSR1 or --leave: what the broker has queued for the member is taken
# first, the others get the rest, and no session stays behind; stopped before that, the session is kept as ever.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
declare -A pids=()
cleanup() {
	[ ${#pids[@]} = 0 ] || kill -KILL "${pids[@]}" 2>/dev/null
	services_end
}
services_begin "$work/services"
# Few under way, so that most of what a member has is in the broker's queue.
printf '%s\n' 'listener @PORT@ 127.0.0.1' 'allow_anonymous true' 'max_inflight_messages 20' \
	'max_queued_messages 100000' >broker.conf
start_broker broker.conf || { flunk "services start"; finish; }

options() { options=(-h localhost -p "$MQTT_PORT" -i "$1" --share crew -t 'jobs/#' "${@:2}"); }
member() {
	options "$@"
	mqtt-sub5 "${options[@]}"
}
# start NAME OPTION...: in the background; its records in got.NAME, its messages in NAME.err.
start() {
	options "$@"
	mqtt-sub5 "${options[@]}" >"got.$1" 2>"$1.err" &
	pids[$1]=$!
	wait_for 30 grep -q -e connected -e leaves "$1.err"
}
# ended NAME SIGNAL: sets `status`.
ended() {
	kill "-$2" "${pids[$1]}"
	wait "${pids[$1]}"
	status=$?
	unset "pids[$1]"
}
publish() {
	seq "$1" "$2" | awk '{ printf "m1\t0\t2026-01-31T12:00:00.000000Z\tjobs/%d\tq1\t\t\t%d\n", $1 % 7, $1 }' |
		mqtt-pub5 -h localhost -p "$MQTT_PORT" --quiet
}
# session NAME: "new session" or "session resumed", as a connection finds it that then ends it.
session() {
	mqtt-sub5 -h localhost -p "$MQTT_PORT" -i "$1" -t none -c -x 1 -E 2>&1 | grep -o -e 'new session' -e 'session resumed'
}
spooled() { find "$1" -name '*.m1' | sort | xargs -r cat; }
numbers() { cat got.* | cut -f8 | sort -n; }
all_there() { [ "$(numbers | uniq | wc -l)" -ge "$1" ]; }

# ---- one of three goes while messages come ----
for name in one two three; do
	check "member $name makes its session" member "$name" -c -E --quiet
done
check "messages are queued, a third for each" publish 1 3000
start one -c
start two -c
start three -c --spool spool --sync none
publish 3001 9000 &
publisher=$!
ended three USR1
is "SIGUSR1: the member that leaves ends with 0" $status 0
like "it tells so" "$(cat three.err)" "client 'three' leaves"
wait "$publisher"
spooled spool >got.three
check "the others get the rest" wait_for 60 all_there 9000
is "nothing is lost, nothing comes twice" "$(numbers)" "$(seq 9000)"
is "what was queued for it went to it" "$(cut -f8 got.three | awk '$1 <= 3000' | wc -l)" 1000
is "its session is gone" "$(session three)" "new session"
kill -USR1 "${pids[one]}" "${pids[two]}"
check "--leave without a session is no fault" member nobody --leave --quiet
for name in one two; do
	wait "${pids[$name]}"
	is "without a spool: $name ends with 0" "$?" 0
	unset "pids[$name]"
	is "and its session is gone" "$(session $name)" "new session"
done

# ---- a session whose client is gone for good ----
rm -r got.* spool
check "a member makes its session" member gone -c -E --quiet
check "messages are queued" publish 1 2000
check "--leave takes them" eval 'member gone --leave >got.gone 2>gone.err'
is "all of them, once" "$(numbers)" "$(seq 2000)"
is "and its session is gone" "$(session gone)" "new session"
fails "--leave is for all of it" 64 member gone --leave -C 5
fails "--leave needs the id" 64 mqtt-sub5 -p "$MQTT_PORT" -t x --leave

# ---- the spool is full: it waits, and told to stop it keeps the session ----
check "a member makes its session" member full -c -E --quiet
check "messages are queued" publish 1 400
start full --leave --spool spool --segment-size 4K --max-packet 1K --max-spool 16K --sync none --metrics full.prom
check "it is full" wait_for 30 grep -qx 'sensorpipe_spool_full 1' full.prom
ended full TERM
is "SIGTERM ends it before it has left, with 75" $status 75
like "and tells that" "$(cat full.err)" "client 'full' has not left"
check "the next --leave takes the rest" eval 'member full --leave --spool spool --quiet'
is "nothing is lost, nothing comes twice" "$(spooled spool | cut -f8 | sort -n | uniq | head -n 400)" "$(seq 400)"
is "and its session is gone" "$(session full)" "new session"

# ---- the connection is lost while it leaves ----
rm -r spool
cat >>broker.conf <<-E2
	persistence true
	persistence_location $work/services/
E2
stop_broker && start_broker broker.conf
check "a member makes its session" member lost -c -E --quiet
check "messages are queued" publish 1 2000
start lost -c --spool spool --sync none
kill -USR1 "${pids[lost]}"
wait_for 10 grep -q leaves lost.err
stop_broker && start_broker broker.conf
wait "${pids[lost]}"
is "a connection that is lost is made again: it ends with 0" "$?" 0
unset 'pids[lost]'
is "nothing is lost" "$(spooled spool | cut -f8 | sort -n | uniq)" "$(seq 2000)"
is "and its session is gone" "$(session lost)" "new session"
finish
