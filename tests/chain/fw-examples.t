#!/bin/bash
# The examples of fw-sign(1) and fw-serve(1) run, one after the other, as they stand; only the broker's place is another.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
cleanup() { services_end; }
services_begin "$work/services"
start_broker || { flunk "services start"; finish; }

mqtt-sub5() { command mqtt-sub5 "$@" -p "$MQTT_PORT" -C 1; }
mqtt-pub5() { command mqtt-pub5 "$@" -p "$MQTT_PORT"; }
mosquitto_sub() { command mosquitto_sub "$@" -p "$MQTT_PORT" -W 20; }
mosquitto_rr() { command mosquitto_rr "$@" -p "$MQTT_PORT"; }

# examples PAGE: its examples, each into a file PAGE.N.
examples() {
	awk -v page="$1" '/^\.Sh/ { on = /EXAMPLES/ } !on { next }
		/^\.Dl / { sub(/^\.Dl /, ""); print > (page "." ++n) }
		/^\.Ed/ { inside = 0 } inside { gsub(/\\e/, "\\"); print > (page "." n) } /^\.Bd/ { inside = 1; n++ }' \
		"$root/man/$1.1"
}
# run EXAMPLE: in a shell of its own, whose every command has to succeed.
run() { bash -eo pipefail "$1"; }
export MQTT_PORT
export -f mqtt-sub5 mqtt-pub5 mosquitto_sub mosquitto_rr

head -c 50000 /dev/urandom >image.bin
examples fw-sign
for i in 1 2 3 4 5; do check "fw-sign: $(head -n 1 fw-sign.$i)" run fw-sign.$i; done
check "there are no more" test ! -e fw-sign.6

examples fw-serve
run fw-serve.1 2>server.err &
server=$!
check "fw-serve: a server" wait_for 20 grep -q subscribed server.err
is "fw-serve: a request by hand" "$(run fw-serve.2 | grep -o 'offset:0')" "offset:0"
wait $server
is "the server answered" "$?" 0
like "it, and nothing else" "$(cat server.err)" 'records 1, rejected 0, answered 1 \(4096 bytes\)'
like "fw-serve: the same without a broker" "$(run fw-serve.3 2>err)" '^m1	.*	fw/rx/d1	q1	application/octet-stream	'
check "there are no more" test ! -e fw-serve.4
finish
