#!/bin/bash
# Garbage and malice into the tools at the ends of the chain: SQL in every name and text is stored as text,
# garbage becomes dead letters, and what is sound around it arrives.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
cleanup() { services_end; }
services_begin "$work/services"
start_postgres fsync=off && start_broker || { flunk "services start"; finish; }
check "tsdb-admin init" tsdb-admin init

sql() {
	psql -XqAtc "$1"
}
now=$(date -u +%Y-%m-%dT%H:%M:%S.000000Z)
tab=$(printf '\t')
evil="Robert'); DROP TABLE sensors; --"

# ---- SQL in names, all the way from a payload ----

{
	printf 'm1\t1\t%s\tsensors/%s/%s\tq1\tapplication/json\t\t{"%s":1,"text":"%s"}\n' "$now" "$evil" "$evil" "$evil" "$evil"
	printf 'm1\t2\t%s\tsensors/%s/%s\tq1\tapplication/json\t\t{"%s":2}\n' "$now" '${PATH}' '$(id)`id`' '%s%n\\\\x00\\\\'
} >evil
for way in "COPY 1" "INSERT 1000000"; do
	sql "TRUNCATE sensor_readings, sensor_texts"
	check "${way% *}: SQL, shell and format strings as names" eval \
		'sensor-decode <evil | sensor-validate --allow-unknown | tsdb-copy --copy-min ${way#* } --source "$evil"'
	like "${way% *}: are stored" "$(cat err)" 'received 2, stored 2, duplicates 0, rejected 0'
done
is "as the text they are" "$(sql "SELECT type, sensor, metric, value FROM readings ORDER BY value LIMIT 1")" \
	"$evil|$evil|$evil|1"
is "the other as well" "$(sql "SELECT type, sensor, metric, value FROM readings ORDER BY value DESC LIMIT 1")" \
	'${PATH}|$(id)`id`|%s%n\x00\|2'
is "a text value too" "$(sql "SELECT value FROM readings_text")" "$evil"
is "and a source" "$(tsdb-admin watermark "$evil")" 2

# ---- garbage into tsdb-copy ----

good=$(printf 'r1\t0\t%s\t%s\tclimate\tgood\t1\ttemperature=1' "$now" "$now")
{
	echo "$good"
	printf 'r1\t5\tgarbage\n'
	printf 'r1\t0\t%s\t%s\tclimate\tc\0\t1\ta=1\n' "$now" "$now"
	printf 'r1\t0\t%s\t%s\tclimate\t\xff\t1\ta=1\n' "$now" "$now"
	printf 'r1\t0\t%s\t99999-01-01T00:00:00Z\tclimate\tc\t1\ta=1\n' "$now"
	printf 'r1\t0\t%s\t%s\tclimate\tc\t1\ta=1e999\n' "$now" "$now"
	printf 'r1\t0\t%s\t%s\tclimate\tc\t1\ta=1\ta=2\n' "$now" "$now"
	printf 'r1\t0\t%s\t%s\tclimate\tc\t1\t%s\n' "$now" "$now" "$(seq -s "$tab" -f 'm%.0f=1' 100000)"
	printf 'm1\t0\t%s\tt\tq0\t\t\t{}\n' "$now"
	echo garbage
	head -c 100000000 /dev/zero | tr '\0' x
	echo
	echo "${good/good/last}"
} >garbage
check "garbage does not stop tsdb-copy" tsdb-copy --reject rejects <garbage
like "what is sound is stored, and the rest counted" "$(cat err)" 'received 12, stored 2, duplicates 0, rejected 10, skipped 0'
is "each with its code" "$(cut -f4 rejects | sort | uniq -c | awk '{ printf "%s %s, ", $1, $2 }')" \
	"7 malformed, 1 not-a-record, 1 too-long, 1 wrong-kind, "
fails "messages into tsdb-copy are refused at once" 65 eval 'tsdb-copy <evil'
like "naming the stages that are missing" "$(cat err)" 'sensor-decode'

# ---- garbage into mqtt-pub5 ----

{
	printf 'm1\t5\tgarbage\n'
	printf 'm1\t0\t%s\ta/#\tq0\t\t\tx\n' "$now"
	printf 'm1\t0\t%s\ta\\x00b\tq0\t\t\tx\n' "$now"
	printf 'm1\t0\t%s\tgood\tq1\t\tbroken%%4\tx\n' "$now"
	printf '{"topic":1}\n'
	echo "$good"
	head -c 100000000 /dev/zero | tr '\0' '{'
	echo
	printf 'm1\t0\t%s\tgood\tq1\t\t\tx\n' "$now"
} >garbage
check "garbage does not stop mqtt-pub5" mqtt-pub5 -h 127.0.0.1 -p "$MQTT_PORT" --reject unsent <garbage
like "what is sound is published, and the rest counted" "$(cat err)" 'read 8 records, published 1, refused 0, rejected 7'
is "each is a dead letter" "$(wc -l <unsent)" 7

# ---- hostile messages by the broker ----

mqtt-sub5 -h 127.0.0.1 -p "$MQTT_PORT" -t '#' -C 3 -W 30 >taken 2>sub.err &
subscriber=$!
check "mqtt-sub5 subscribes" wait_for 20 grep -q subscribed sub.err
printf 'tab\there\nline\0nul\xff' | mosquitto_pub -h 127.0.0.1 -p "$MQTT_PORT" -V 5 -q 1 -t "$evil" -s
head -c 1000000 /dev/urandom | mosquitto_pub -h 127.0.0.1 -p "$MQTT_PORT" -V 5 -q 1 -t big -s
mosquitto_pub -h 127.0.0.1 -p "$MQTT_PORT" -V 5 -q 1 -t empty -n
wait "$subscriber"
is "mqtt-sub5 takes them" "$?" 0
is "as one line each" "$(wc -l <taken)" 3
is "escaped" "$(head -n 1 taken | cut -f4,8)" "$evil${tab}tab\\there\\nline\\x00nul\\xff"
check "sensor-decode takes a line of that size" eval 'sensor-decode --max-line 16M --reject /dev/null <taken'
finish
