#!/bin/bash
# The examples of mqtt-sub5(1) and mqtt-pub5(1) run, but for the one with TLS. Only the broker's
# place is another, and no subscriber goes on for ever.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
cleanup() { services_end; }
services_begin "$work/services"
start_broker || { flunk "services start"; finish; }

mqtt-sub5() {
	local wait=1
	case " $* " in *" --leave "*) wait=30 ;; esac # it ends by itself
	command mqtt-sub5 "$@" -h localhost -p "$MQTT_PORT" -W $wait
}
mqtt-pub5() { command mqtt-pub5 "$@" -h localhost -p "$MQTT_PORT"; }

# examples PAGE: its commands, one a line.
examples() {
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh DIAG/{ s/^\.Dl //p; /^mqtt-/p; }' "$root/man/$1.1" | grep -v mqtts:
}

# What the examples need to be there.
mosquitto_pub -p "$MQTT_PORT" -V 5 -q 1 -r -t sensors/climate/c1 -m '{"temperature":20}' \
	-D publish content-type application/json
mosquitto_sub -p "$MQTT_PORT" -V 5 -t 'sensors/#' -C 1 -W 30 -F %J >dump.json
printf 'x1\t2026-01-31T12:00:00.000000Z\tmqtt-pub5\trefused\tline 1\tm1\t0\t2026-01-31T12:00:00.000000Z\tsensors/a/b\tq1\t\t\tx\n' >refused.x1

set -o pipefail
for page in mqtt-sub5 mqtt-pub5; do
	examples $page >examples.$page
	check "$page has examples" test "$(wc -l <examples.$page)" -ge 4
	while read -r command; do
		check "$command" eval "$command" </dev/null
	done <examples.$page
done
is "the dump has the message" "$(gzip -dc minute.m1.gz | cut -f8 | sort -u | head -n 1)" '{"temperature":20}'
finish
