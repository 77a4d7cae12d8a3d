#!/bin/bash
# Records that mqtt-pub5 publishes come back from mqtt-sub5 as they were: every byte in payloads, every
# property, every quality of service, retained or not.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
cleanup() { services_end; }
services_begin "$work/services"
start_broker || { flunk "services start"; finish; }

# record TOPIC FLAGS CONTENT-TYPE PROPERTIES PAYLOAD
record() {
	printf 'm1\t0\t2026-01-31T12:00:00.000000Z\t%s\t%s\t%s\t%s\t%s\n' "$@"
}

# subscribe OPTION...: starts mqtt-sub5, its records in `got`; returns once it is subscribed.
subscribe() {
	: >sub.err
	mqtt-sub5 -p "$MQTT_PORT" -W 30 "$@" >got 2>sub.err &
	sub=$!
	wait_for 20 grep -q connected sub.err
}

# compare NAME QOS: what is in `records` is published and taken; equal but for the time of arrival.
compare() {
	subscribe -q "$2" -t 'rt/#' -C "$(wc -l <records)"
	check "$1: published" mqtt-pub5 -p "$MQTT_PORT" <records
	like "$1: the counts add up" "$(cat err)" \
		"read $(wc -l <records) records, published $(wc -l <records), refused 0, rejected 0, unacknowledged 0"
	wait "$sub"
	is "$1: taken" "$?" 0
	is "$1: equal" "$(cut -f1,2,4- got)" "$(cut -f1,2,4- records)"
}

properties='mqtt.payload-format-indicator=1&mqtt.message-expiry-interval=3600&mqtt.response-topic=answers%2Fhere'
properties="$properties&mqtt.correlation-data=%00%01%FF+x&a=1&b=two+words&a=again&=&e%C3%A9=%E2%82%AC"
# mosquitto hands the properties out in an order of its own, users' properties first.
handed_out='a=1&b=two+words&a=again&=&e%C3%A9=%E2%82%AC'

for qos in 0 1 2; do
	for byte in $(seq 0 255); do
		hex=$(printf '%02x' "$byte")
		case $hex in
		09) text='\t' ;;
		0a) text='\n' ;;
		0d) text='\r' ;;
		5c) text='\\' ;;
		0? | 1? | 7f | [89a-f]?) text="\\x$hex" ;;
		*) text=$(printf "\\x$hex") ;;
		esac
		record "rt/bytes/$byte" "q$qos" '' '' "<$text>"
	done >records
	record "rt/empty" "q$qos" text/plain '' '' >>records
	record "rt/utf8/ä€😀" "q$qos" 'text/plain;charset=utf-8' "$handed_out" 'ä€😀' >>records
	compare "bytes, QoS $qos" "$qos"
done

# All at once, big, and more than the window.
record rt/big q1 application/octet-stream '' "$(head -c 700000 /dev/zero | tr '\0' x)" >records
for i in $(seq 2000); do record "rt/many/$i" q1 application/json "seq=$i" "{\"i\":$i}"; done >>records
compare "many" 1

# Properties of MQTT's own, compared as sets of pairs.
record rt/properties q1 application/json "$properties" '{}' >records
subscribe -t 'rt/#' -C 1
check "a message with every property is published" mqtt-pub5 -p "$MQTT_PORT" <records
wait "$sub"
is "every property comes back" "$(cut -f7 got | tr '&' '\n' | sort)" "$(tr '&' '\n' <<<"$properties" | sort)"
is "user properties keep their order" "$(cut -f7 got | grep -oE 'a=1&b=two\+words&a=again&=&e%C3%A9=%E2%82%AC')" "$handed_out"
is "the content type is in its own field" "$(cut -f6 got)" application/json

# Retained: the flag is kept, and cleared with --no-retain.
record rt/kept q1r '' '' one >records
record rt/not/kept q1 '' '' two >>records
check "a retained message is published" mqtt-pub5 -p "$MQTT_PORT" <records
record rt/cleared q1r '' '' three >records
check "and one that is not to be retained" mqtt-pub5 -p "$MQTT_PORT" --no-retain <records
mqtt-sub5 -p "$MQTT_PORT" -t 'rt/#' -W 1 >got 2>sub.err
is "a later subscriber gets what is retained" "$(cut -f4,5,8 got)" $'rt/kept\tq1r\tone'

# Options of the publisher.
record rt/x q2 '' '' one >records
subscribe -q 2 -t '+/rt/x' -C 1
check "with another QoS and a prefix" mqtt-pub5 -p "$MQTT_PORT" -q 1 --topic-prefix site/ <records
wait "$sub"
is "they take effect" "$(cut -f4,5,8 got)" $'site/rt/x\tq1\tone'

# What cannot be published is a dead letter; the rest goes on.
{
	record 'rt/a+b' q1 '' '' wildcard
	record rt/p q1 '' 'mqtt.no-such=1' unknown
	record rt/p q1 '' 'mqtt.payload-format-indicator=2' range
	record rt/p q1 '' 'mqtt.subscription-identifier=7' dropped
	printf 'm1\t0\tnot a time\trt/p\tq1\t\t\tx\n'
	printf '{"topic":"rt/j","qos":1,"retain":0,"payloadlen":1,"payload":"j","tst":"2026-01-31T12:00:00.000000Z+0000"}\n'
	printf 'nonsense\n'
	printf 'm1\t0\t2026-01-31'
} >records
fails "input that ends inside a record" 65 mqtt-pub5 -p "$MQTT_PORT" --reject letters <records
is "dead letters have codes" "$(cut -f4 letters)" \
	$'unpublishable\nunpublishable\nunpublishable\nmalformed\nnot-a-record\ntruncated'
like "the counts add up with them" "$(cat err)" 'read 8 records, published 2, refused 0, rejected 6, unacknowledged 0'
finish
