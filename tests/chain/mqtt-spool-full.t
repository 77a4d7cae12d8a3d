#!/bin/bash
# mqtt-sub5 --spool: a full spool or disk stops the reading, for longer than the broker waits for a sign of
# life, too; when there is room it goes on, over TLS as without, and nothing is lost.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/capture.sh"
services_begin "$work/services"
start_broker || { flunk "services start"; finish; }

# Full for a moment, until its consumer's checkpoint is seen: the connection stays.
small=(--segment-size 4K --max-packet 1K --max-spool 16K)
background moments -c "${small[@]}"
echo 9000000000000000000 >moments/checkpoints/consumer
publish moments 280 1
check "a checkpoint makes room" wait_for 30 shows moments spool_messages_total 280
is "the connection is the same" "$(grep -c . moments.err)" 1
ended TERM

# Full, and asked to end, with the connection as without it: the message that is held is not acknowledged.
for keep_alive in 60 1; do
	name=asked-$keep_alive
	background $name -c -k $keep_alive "${small[@]}"
	publish $name 300 1
	check "no checkpoint, no room" wait_for 30 shows $name spool_full 1
	check "what is in the spool is counted" shows $name spool_messages_total "$(spooled $name | wc -l)"
	if [ $keep_alive = 1 ]; then
		check "the connection is ended" wait_for 30 shows $name mqtt_connected 0
	fi
	ended TERM
	is "SIGTERM ends it with status 0" $status 0
	rest $name 300
	is "nothing is lost and nothing comes twice" "$(payloads $name | differs 300)" ""
done

# A consumer: takes what is in the spool, each record once, and moves its checkpoint.
consume() {
	spooled "$1" >seen
	sort -n -u -k2,2 seen "$1.all" -o "$1.all"
	tail -n 1 "$1.all" | cut -f2 >checkpoint && mv checkpoint "$1/checkpoints/consumer"
}
consumed() {
	consume "$1"
	[ "$(cut -f8 "$1.all" | sort -u | wc -l)" = "$2" ]
}
# full NAME QOS OPTION...: full for longer than the broker waits for a sign of life.
full() {
	local name=$1 qos=$2 before
	background "$name" -q "$qos" -k 1 -c "${small[@]}" "${@:3}"
	publish "$name" 320 "$qos" "${@:3}"
	check "$name: that is told" wait_for 30 grep -q "spool '$name' is full .* no checkpoint" "$name.err"
	check "$name: and the connection is ended" wait_for 30 shows "$name" mqtt_connected 0
	before=$(spooled "$name" | wc -l)
	touch mark
	sleep 2 # the keep alive is 1
	is "$name: nothing more is taken" "$(spooled "$name" | wc -l)" "$before"
	check "$name: the metrics go on" test "$name.prom" -nt mark
	: >"$name.all"
	check "$name: it goes on as the consumer does" wait_for 60 consumed "$name" 320
	is "$name: nothing is lost" "$(cut -f8 "$name.all" | sort -n -u | differs 320)" ""
	ended TERM
	is "$name: SIGTERM ends it with status 0" $status 0
	like "$name: it is told once that there is room" "$(cat "$name.err")" "spool '$name' has room again"
	like "$name: the session is resumed" "$(cat "$name.err")" 'connected again .*session resumed'
	check "$name: none is lost" shows "$name" mqtt_session_losses_total 0
	is "$name: the broker never took it for dead" "$(grep -c 'exceeded timeout' "$work/services/mosquitto.log")" 0
}
full plain 1
is "what comes twice has the flag for it" "$(awk -F '\t' 'seen[$8]++ && $5 !~ /d/' plain.all)" ""

# A full disk.
mkdir disk
if unshare -rm mount -t tmpfs none disk 2>/dev/null; then
	options disk/spool -i disk -c -k 1 --tee
	unshare -rm bash -c '
		mount -t tmpfs -o size=64k none disk
		head -c 32K /dev/zero >disk/filler
		{ until [ -e go ] || ! kill -0 $$; do sleep 0.1; done; rm disk/filler; } 2>/dev/null &
		exec mqtt-sub5 "$@"' - "${options[@]}" >disk.copy 2>disk.err &
	sub=$!
	wait_for 30 grep -q connected disk.err
	publish disk/spool 700 1
	check "a full disk is told" wait_for 30 grep -q "cannot grow: No space left on device" disk.err
	touch go
	all() { [ "$(cut -f8 disk.copy | sort -u | wc -l)" = 700 ]; }
	check "and when there is room it goes on" wait_for 30 all
	is "nothing is lost" "$(cut -f8 disk.copy | sort -n -u | differs 700)" ""
	ended TERM
	is "SIGTERM ends it with status 0" $status 0
else
	skip "a full disk" "no mount namespaces for users here"
fi

# Over TLS.
stop_broker
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=localhost \
	-addext subjectAltName=DNS:localhost -keyout key.pem -out ca.pem 2>openssl.log
printf '%s\n' 'listener @PORT@ 127.0.0.1' 'allow_anonymous true' 'max_inflight_messages 1024' \
	"certfile $work/ca.pem" "keyfile $work/key.pem" >tls.conf
start_broker tls.conf || flunk "the broker starts with TLS"
full over-tls 2 --cafile ca.pem
is "with QoS 2 nothing comes twice" "$(cut -f8 over-tls.all | sort | uniq -d)" ""
finish
