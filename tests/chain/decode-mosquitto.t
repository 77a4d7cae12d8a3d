#!/bin/bash
# What mosquitto_sub prints of live messages, with %J and with %j, gives the readings the messages hold.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
subscribers=
cleanup() {
	[ -z "$subscribers" ] || kill $subscribers 2>/dev/null
	services_end
}
services_begin "$work/services"
start_broker || { flunk "services start"; finish; }

# Sessions are made first, so that no message can come too early.
for client in J j; do
	mosquitto_sub -V 5 -p "$MQTT_PORT" -c -i "dump-$client" -q 1 -t 'sensors/#' -E
done
publish() {
	local sensor=$1
	shift
	mosquitto_pub -V 5 -p "$MQTT_PORT" -q 1 -t "sensors/climate/$sensor" -D publish content-type application/json "$@"
}
publish plain -m '{"t":24.5,"on":true}'
publish 'q"\é' -m '{ "s" : "a\"b\\c\té" }'
publish props -m '{"t":1}' -D publish user-property schema 2 -D publish user-property sensor 'kä "x"' \
	-D publish user-property time 2026-01-02T03:04:05Z -D publish message-expiry-interval 500 \
	-D publish response-topic a/b -D publish correlation-data 'c&d'
publish empty -n
publish text -m '"text"'
printf '{"t":1}\0' >nul
publish nul -f nul
publish last -m '{"t":2,"ts":1767323045000}'

# %J refuses what is not JSON (nul) by itself: one line less.
TZ=Asia/Kolkata mosquitto_sub -V 5 -p "$MQTT_PORT" -c -i dump-J -q 1 -t 'sensors/#' -F %J >J 2>J.err &
subscribers=$!
mosquitto_sub -V 5 -p "$MQTT_PORT" -c -i dump-j -q 1 -t 'sensors/#' -F %j >j &
subscribers+=" $!"
check "both dumps are taken" wait_for 30 sh -c 'grep -q climate/last J && grep -q climate/last j'
kill $subscribers
wait $subscribers 2>/dev/null
subscribers=
grep . J >dump-J # it prints an empty line for what it refuses

# Without received, and without the time where that is the same.
shown() {
	awk -F'\t' -v OFS='\t' '{ if ($1 == "r1" && $3 == $4) $4 = "-"; $2 = ""; $3 = ""; print }' "$1" | tr -s '\t'
}
readings=$(
	printf 'r1\t-\tclimate\tplain\tt=24.5\ton=true\n'
	printf 'r1\t-\tclimate\tq"\\\\é\ts="a\\\\"b\\\\\\\\c\\\\té"\n'
	printf 'r1\t2026-01-02T03:04:05.000000Z\tclimate\tkä "x"\t2\tt=1\n'
	printf 's1\tbad-json\ns1\tno-metric-name\n'
	printf 'r1\t2026-01-02T03:04:05.000000Z\tclimate\tlast\tt=2\n'
)
for dump in dump-J j; do
	check "$dump is decoded" sensor-decode --reject "rejects-$dump" <"$dump"
	is "to the readings the messages hold" "$(shown out)" "$readings"
done
is "%j cut one message at a NUL: found" "$(cut -f4,5 rejects-j | grep malformed | cut -d: -f2)" \
	' a payload that does not have "payloadlen" bytes'
stamp=$(sed 's/.*"tst":"\([^"]*\)Z\(+0530\)".*/\1\2/;q' dump-J)
is "arrival is in UTC whatever the dump's time zone" \
	"$(head -n 1 dump-J | sensor-decode --quiet | cut -f3)" "$(date -u -d "$stamp" +%FT%T.%6NZ)"

finish
