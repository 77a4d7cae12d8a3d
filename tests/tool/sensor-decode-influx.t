#!/bin/bash
# Points of the line protocol become readings by their series and times, and readings become points.
. "${0%/*}/../lib/tap.sh"

at=2026-11-22T16:03:41.836186Z

# m1 CONTENT-TYPE PROPERTIES PAYLOAD: a message record; the payload is given escaped.
m1() { printf 'm1\t5\t%s\tsensors/t/gw\tq1\t%s\t%s\t%s\n' "$at" "$1" "$2" "$3"; }
# decode POINTS [OPTION...]: seq, time, type, sensor and metrics of each reading, or code and detail.
decode() {
	m1 text/x-influx-line-protocol '' "$1" | sensor-decode --quiet "${@:2}" 2>err |
		awk -F'\t' '/^r1/ { $1 = $3 = $7 = ""; print }' | tr -s ' ' | sed 's/^ //'
	cut -f4,5 err
}

# ---- in ----

(
	printf 'm1\t10\t2026-11-22T16:03:41Z\ttelegraf/h1\tq0\t\t\t'
	printf 'cpu,cpu=cpu0,host=h1 usage_idle=98.5,n=4i 1795363421000000000\n'
) | sensor-decode --quiet --default-type 'telegraf/#=text/x-influx-line-protocol' >example
is "the manual's example" "$(cut -f2,4-6,8- example)" \
	"$(printf '10\t2026-11-22T16:03:41.000000Z\tcpu\th1,cpu=cpu0\tusage_idle=98.5\tn=4')"
for type in text/x-influx-line-protocol Application/X-Influx-Line-Protocol 'application/vnd.influx; charset=utf-8'; do
	is "$type" "$(m1 "$type" '' 'm a=1' | sensor-decode --quiet | cut -f5-8)" "$(printf 'm\tgw\t\ta=1')"
done
is "tags tell series apart" "$(decode 'cpu,cpu=0,host=h a=1 7000\ncpu,host=h,cpu=1 a=2 7000\ncpu,host=h,cpu=0 b=3 7000')" \
	"5+ 1970-01-01T00:00:00.000007Z cpu h,cpu=0 a=1 b=3
5 1970-01-01T00:00:00.000007Z cpu h,cpu=1 a=2"
is "without a tag for it the topic names the sensor" "$(decode 'm,room=2 a=1')" "5 $at m gw,room=2 a=1"
is "--influx-sensor" "$(decode 'm,host=h,node=n a=1' --influx-sensor node,host)" "5 $at m n,host=h a=1"
is "--influx-precision" "$(decode 'm a=1 1465839830' --influx-precision s)" "5 2016-06-13T17:43:50.000000Z m gw a=1"
is "comments, blank lines, CR LF" "$(decode '# Telegraf\n\n m a=1,s="x\ny"\r\n')" "5 $at m gw a=1 s=\"x\\\\ny\""
is "all or nothing" "$(decode 'm a=1\nm b=oops')" \
	"$(printf 'bad-influx\tline 1: offset 10: no number, truth value or "string"')"
is "a field twice at a time" "$(decode 'm a=1 7000\nm a=2 7999')" \
	"$(printf "duplicate-name\tline 1: 'a' is in two points of the same sensor and microsecond")"
is "JSON lines of mosquitto_sub" "$(
	sensor-decode --quiet --default-type '#=text/x-influx-line-protocol' <<-'END' | cut -f4-6,8-
		{"tst":"2026-11-22T16:03:41.836186Z+0000","topic":"x","qos":0,"retain":0,"payloadlen":21,"payload":"m,host=h a=1,b=t 7000"}
	END
)" "$(printf '1970-01-01T00:00:00.000007Z\tm\th\ta=1\tb=true')"
for value in ,a a, '' "$(printf 'a,%.0s' {1..16})a"; do
	fails "--influx-sensor '${value:0:9}' is refused" 64 sensor-decode --influx-sensor "$value" </dev/null
done

# ---- out ----

{
	m1 application/json '' '{"temp":24,"label":"a \\"b\\"\\nc","ok":true,"n":7.50}'
	m1 application/json '' '{"a\\\\":1}'
	m1 application/json sensor=kitchen+2 '[{"ts":1795363421000,"v":1},{"ts":1795363422000,"v":2}]'
} >messages
sensor-decode --format influx --reject rejects <messages >points 2>summary
is "readings as points" "$(cat points)" 't,sensor=gw temp=24,label="a \"b\"
c",ok=true,n=7.50 1795363421836186000
t,sensor=kitchen\ 2 v=1 1795363421000000000
t,sensor=kitchen\ 2 v=2 1795363422000000000'
is "what a point cannot have is a dead letter" "$(cut -f4,5 rejects)" \
	"$(printf "bad-name\tline 2: the metric 'a\\\\\\\\' ends in a backslash, which no point can have")"
is "the summary adds up" "$(cat summary)" \
	"sensor-decode: lines 3, malformed 0, messages 3, decoded 2, skipped 1, readings 3"
is "--influx-integers" "$(m1 application/json '' '{"a":24,"b":24.0}' | sensor-decode --quiet --format influx --influx-integers)" \
	"t,sensor=gw a=24i,b=24.0 1795363421836186000"
printf 'm1\t5\t%s\tx\tq1\ttext/x-influx-line-protocol\t\t%s\n' "$at" \
	"$(sed 's/\\/\\\\/g' points | awk '{ printf "%s\\n", $0 }')" >again
is "read again they are the same" "$(sensor-decode --quiet <again | cut -f4-6,8-)" \
	"$(grep -v 'a\\' messages | sensor-decode --quiet | cut -f4-6,8-)"
echo broken | sensor-decode --quiet --format influx --reject rejects >none
is "there are no skip records" "$(cat none)" ""
finish
