#!/bin/bash
# The MQTT tools against the clients of mosquitto, which know nothing of records: properties both ways,
# JSON lines equal to those of mosquitto_sub, and a dump of mosquitto_sub published again.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
cleanup() { services_end; }
services_begin "$work/services"
start_broker || { flunk "services start"; finish; }

# A session is made first, so that no message can come too early.
begin_session() {
	mqtt-sub5 -p "$MQTT_PORT" -c -i "$1" -q 2 -t 'peer/#' -E --quiet
}

begin_session reader
begin_session json
mosquitto_sub -V 5 -p "$MQTT_PORT" -c -i mosquitto -q 2 -t 'peer/#' -E

publish() {
	mosquitto_pub -V 5 -p "$MQTT_PORT" "$@"
}
publish -q 1 -t peer/all -m '{"value": [1, 2.50, "x"]}' \
	-D publish content-type application/json -D publish payload-format-indicator 1 \
	-D publish message-expiry-interval 500 -D publish response-topic peer/answers \
	-D publish correlation-data 'no 17' -D publish user-property type climate -D publish user-property key 'a b&c'
publish -q 2 -t peer/two -m '42'
publish -q 1 -t peer/text -m '"text"' -D publish content-type application/json
publish -q 1 -t 'peer/ä' -m 'null'

mqtt-sub5 -p "$MQTT_PORT" -c -i reader -q 2 -t 'peer/#' -C 4 -W 30 >got 2>err
expected=$(
	printf 'peer/all\tq1\tapplication/json\t{"value": [1, 2.50, "x"]}\n'
	printf 'peer/two\tq2\t\t42\npeer/text\tq1\tapplication/json\t"text"\npeer/ä\tq1\t\tnull'
)
is "messages of mosquitto_pub" "$(cut -f4,5,6,8 got)" "$expected"
is "their properties" "$(head -n 1 got | cut -f7 | tr '&' '\n' | sed 's/interval=[0-9]*/interval=N/' | sort)" \
	"$(printf '%s\n' key=a+b%26c mqtt.correlation-data=no+17 mqtt.message-expiry-interval=N \
		mqtt.payload-format-indicator=1 mqtt.response-topic=peer%2Fanswers type=climate | sort)"

# The same four by the two clients. The packet identifier (mid) belongs to a connection, and
# mosquitto_sub takes a message of QoS 2 one step later.
mqtt-sub5 -p "$MQTT_PORT" -c -i json -q 2 -t 'peer/#' -C 4 -W 30 --json >ours 2>err
mosquitto_sub -V 5 -p "$MQTT_PORT" -c -i mosquitto -q 2 -t 'peer/#' -C 4 -W 30 -F %J >theirs 2>err
is "four JSON lines each" "$(cat ours theirs | wc -l)" 8
same() {
	jq -cS 'del(.tst, .mid) | if .properties["message-expiry-interval"] then
		.properties["message-expiry-interval"] = "N" else . end' "$1" | sort
}
is "JSON lines are those of mosquitto_sub" "$(same ours)" "$(same theirs)"
like "with the time in its form" "$(head -n 1 ours | jq -r .tst)" \
	'^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{6}Z\+0000$'

# What mosquitto_sub took is published again, and taken by mosquitto_sub. Where it dropped white space of
# the JSON, the length is another.
mosquitto_sub -V 5 -p "$MQTT_PORT" -c -i again -q 2 -t 'again/#' -E
check "a dump of mosquitto_sub is published" mqtt-pub5 -p "$MQTT_PORT" --topic-prefix again/ <theirs
mosquitto_sub -V 5 -p "$MQTT_PORT" -c -i again -q 2 -t 'again/#' -C 4 -W 30 -F %J >again 2>err
is "mosquitto_sub takes the same from mqtt-pub5" \
	"$(same again | jq -cS 'del(.payloadlen)')" \
	"$(same theirs | jq -cS 'del(.payloadlen) | .topic = "again/" + .topic')"

# Repeated names and order are kept towards a peer.
record='m1\t0\t2026-01-31T12:00:00.000000Z\tlist/x\tq1\t\tb=1&a=2&b=3\tx\n'
mosquitto_sub -V 5 -p "$MQTT_PORT" -c -i list -q 1 -t 'list/#' -E
check "user properties with a name twice" eval 'printf "$record" | mqtt-pub5 -p "$MQTT_PORT"'
is "reach the peer in their order" \
	"$(mosquitto_sub -V 5 -p "$MQTT_PORT" -c -i list -q 1 -t 'list/#' -C 1 -W 30 -F '%P')" 'b:1 a:2 b:3'

# MQTT 3.1.1 publishers are taken as well.
begin_session old
mosquitto_pub -V 311 -p "$MQTT_PORT" -q 1 -t peer/old -m plain
is "a message of an MQTT 3.1.1 client" \
	"$(mqtt-sub5 -p "$MQTT_PORT" -c -i old -t 'peer/#' -C 1 -W 30 --quiet | cut -f4-)" $'peer/old\tq1\t\t\tplain'
finish
