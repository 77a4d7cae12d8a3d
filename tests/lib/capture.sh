# Sourced by the tests of mqtt-sub5 --spool, after tap.sh and services.sh.
#
# Each case has a name: of the client, of its topics, and of the spool.

sub= # the process in the background
cleanup() {
	[ -z "$sub" ] || kill -KILL "$sub" 2>/dev/null
	services_end
}

# publish NAME COUNT QOS: messages with the payloads 1 to COUNT.
publish() {
	seq "$2" | awk -v name="$1" -v qos="$3" \
		'{ printf "m1\t0\t2026-01-31T12:00:00.000000Z\t%s/%d\tq%d\t\t\t%d\n", name, $1 % 7, qos, $1 }' |
		mqtt-pub5 -h localhost -p "$MQTT_PORT" --quiet "${@:4}"
}
# sets `options` for mqtt-sub5
options() { options=(-h localhost -p "$MQTT_PORT" -i "$1" -t "$1/#" --spool "$1" "${@:2}"); }
subscribe() {
	options "$@"
	mqtt-sub5 -c "${options[@]}"
}
# background NAME OPTION...: the same, its messages in NAME.err, its metrics in NAME.prom; sets `sub`.
background() {
	options "$@"
	mqtt-sub5 "${options[@]}" --metrics "$1.prom" 2>"$1.err" &
	sub=$!
	wait_for 30 grep -q connected "$1.err" || flunk "$1: connects" "$(cat "$1.err")"
}
# ended [SIGNAL]: waits for its end; sets `status`.
ended() {
	[ $# = 0 ] || kill "-$1" "$sub"
	wait "$sub"
	status=$?
	sub=
}
# The records of a spool in their order, and their payloads; one that is being written is left out.
spooled() { find "$1" -name '*.m1' | sort | xargs -r cat | awk -F '\t' 'NF == 9'; }
payloads() { spooled "$1" | cut -f8; }
holds() { [ "$(spooled "$1" | wc -l)" -ge "$2" ]; }
rises() { spooled "$1" | cut -f2 | sort -c -n -u; }
shows() { grep -qx "sensorpipe_$2 $3" "$1.prom"; }
# The first differences from the numbers 1 to COUNT.
differs() { diff - <(seq "$1") | head -n 10; }
# rest NAME COUNT: the next run gets what is left of so many messages.
rest() {
	background "$1" -c --sync none
	all() { [ "$(payloads "$1" | sort -u | wc -l)" = "$2" ]; }
	check "the next run gets the rest" wait_for 60 all "$@"
	ended TERM
}
