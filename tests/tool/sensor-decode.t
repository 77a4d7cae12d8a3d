#!/bin/bash
. "${0%/*}/../lib/tap.sh"

at=2026-11-22T16:03:41.836186Z

# m1 TOPIC CONTENT-TYPE PROPERTIES PAYLOAD: a message record; the payload is given escaped.
seq=0
m1() {
	printf 'm1\t%d\t%s\t%s\tq1\t%s\t%s\t%s\n' $((++seq)) "$at" "$1" "$2" "$3" "$4"
}
json() { m1 sensors/climate/kitchen application/json "${2-}" "$1"; }

# ---- the examples of the manual ----

(
	printf 'm1\t7\t2026-11-22T16:03:41Z\tsensors/climate/kitchen\tq1\t'
	printf 'application/json\tschema=1\t{"temperature":24.50}\n'
) | sensor-decode >one 2>summary
is "the manual's first example" "$(cat one)" \
	"$(printf 'r1\t7\t%s\t%s\tclimate\tkitchen\t1\ttemperature=24.50' 2026-11-22T16:03:41.000000Z{,})"
is "the summary adds up" "$(cat summary)" \
	"sensor-decode: lines 1, malformed 0, messages 1, decoded 1, skipped 0, readings 1"

cat >dump.json <<'END'
{"tst":"2026-11-22T16:03:41.836186Z+0000","topic":"plant/power/hall/3","qos":1,"retain":0,"payloadlen":12,"mid":1,"payload":{"v":230.5}}
{"tst":"2026-11-22T21:33:41.836186Z+0530","topic":"plant/power/hall/3","qos":0,"retain":0,"payloadlen":12,"payload":"{\"v\":230.50}"}
END
check "a dump of mosquitto_sub, %J and %j" \
	sensor-decode --default-type 'plant/#=application/json' --topic 'plant/{type}/{sensor...}' <dump.json
is "gives its readings, times in UTC" "$(cat out)" \
	"$(printf 'r1\t0\t%s\t%s\tpower\thall/3\t\tv=230.5\n' $at $at
	printf 'r1\t0\t%s\t%s\tpower\thall/3\t\tv=230.50\n' $at $at)"

{ json '{"a":1}'; m1 sensors/t/s '' '' '{"b":2}'; m1 sensors/t/s text/csv '' x; } >messages
sensor-decode --quiet --reject rejects <messages >readings
is "dead letters counted by code" "$(cut -f4 rejects | sort | uniq -c | tr -s ' \n' ' ')" \
	" 1 content-type 1 no-content-type "
awk -F'\t' '$4 == "no-content-type"' rejects | cut -f6- |
	sensor-decode --quiet --default-type '#=application/json' >>readings
is "the refused messages fed in again" "$(grep ^r1 readings | cut -f2,8)" "$(printf '1\ta=1\n2\tb=2')"

# ---- every code, from the outside ----

long=$(printf %4097s '' | tr ' ' x)
members=$(seq -f '"m%.0f":1' -s , 1001)
deep=$(printf '{"a":%.0s' {1..33})1$(printf '}%.0s' {1..33})
# Field 4 of SensorMessage (0x22, '"') is a reading; its field 2 (0x12) a metric, whose field 1 (0x0a) is
# the name "a" and whose field 4 (0x20) is true.
pb() { m1 sensors/t/s application/protobuf "${2-}" "$1"; }
metric='\x12\x05\n\x01a \x01'
many_readings=$(printf '"\\x07\\x12\\x05\\n\\x01a \\x01%.0s' {1..1001})
many_metrics=$(printf '\\x12\\x05\\n\\x01a \\x01%.0s' {1..300000})
size=$((300000 * 7)) # as a varint, seven bits a byte
many_size=$(printf '\\x%02x' $((size & 127 | 128)) $((size >> 7 & 127 | 128)) $((size >> 14 & 127 | 128)) $((size >> 21)))
{
	m1 sensors/t/s '' '' '{"a":1}'
	m1 sensors/t/s 'application/json; charset=latin-1' '' '{"a":1}'
	json '{"a":1}' 'type=%'
	json '{"a":1}' 'sensor=a&sensor=b'
	m1 elsewhere application/json '' '{"a":1}'
	json '{"a=b":1}'
	json '{"a":1}' 'schema=v1'
	json '{"a":1}' 'time=noon'
	json '{"a":1,"ts":1,"time":1}'
	json '{"a":01}'
	m1 sensors/t/s text/plain '' '\xff'
	m1 sensors/t/s text/plain+gzip '' x
	m1 sensors/t/s text/x-influx-line-protocol '' x
	m1 sensors/t/s application/cbor '' '\xa1'
	m1 sensors/t/s application/senml+json '' '[{"bver":11,"n":"a","v":1}]'
	pb '"'
	pb '8\x01'
	json '[1]'
	json "$deep"
	pb "\"$many_size$many_metrics"
	json "{$members}"
	pb "$many_readings"
	json '{}'
	json 1
	json '{"a":1,"a":1}'
	json '{"a":"\\u0000"}'
	json '{"a":1e999}'
	json "{\"a\":\"$long\"}"
	m1 mapped/s application/json '' '{"b":"on"}'
	m1 mapped/s application/json '' '{"a":"maybe","b":"on"}'
	m1 sensors/t/s 'application/protobuf; proto=none' '' ''
	m1 spBv1.0/g/NDATA '' '' ''
	m1 spBv1.0/g/NDATA/n '' '' '\x18\x01\x12\x02\x10\x01'
} >hostile
cat >hostile.map <<'END'
{ "rules": [{ "topic": "mapped/{sensor} type=t", "metrics": [
	{ "name": "a", "pointer": "/a", "required": true, "words": { "on": true } } ] }] }
END
check "hostile messages are no failure" sensor-decode --max-line 16M --map hostile.map --reject codes <hostile
grep -v '^r1' out >skips
is "each hostile message has its dead letter" "$(cut -f7 codes)" "$(cut -f2 hostile)"
is "each has its skip record, with the same code" "$(cut -f2,4 skips)" "$(paste <(cut -f7 codes) <(cut -f4 codes))"
is "no two of them fail alike" "$(cut -f4 codes | sort | uniq -d)" ""
is "the originals are in the dead letters" "$(cut -f6- codes | cmp - hostile && echo same)" same
# (but for too-many-nodes, which takes many messages, and no-data, which is none of a dead letter)
is "these are all the codes there are" "$({ cut -f4 codes; printf '%s\n' no-data too-many-nodes; } | sort)" \
	"$(sed -n 's/^ *\[FAULT_.*"\(.*\)".*/\1/p' <(tr '\t' ' ' <"$root/cmd/sensor-decode/fault.c") | sort)"
undocumented=
for code in $(cut -f4 codes) too-many-nodes malformed not-a-record too-long truncated wrong-kind; do
	grep -qx ".It Li $code" "$root/man/sensor-decode.1" || undocumented+=" $code"
done
is "the manual has every code" "$undocumented" ""

# ---- lines that are no messages ----

fails "a chain that starts with readings ends at once" 65 sensor-decode <one
like "and is told what is wrong" "$(cat err)" "stdin:1: a reading record .* is decoded already"
{
	json '{"a":1}'
	echo 'm1	nine	'
	echo '{"tst":1}'
	echo '{"tst":"2026-11-22T16:03:41Z","topic":"sensors/t/s","payloadlen":7,"payload":"ab"}'
	cat one
	printf '\x80junk\n'
	printf '%2000s\n' ''
	json '{"b":1}'
	printf 'm1\t9\t'
} >mixed
fails "an input cut short ends with status 65" 65 sensor-decode --max-line 1000 --reject lines <mixed
is "what is sound in it goes through" "$(cut -f1,8 out)" "$(printf 'r1\ta=1\nr1\tb=1')"
is "the rest are dead letters" "$(cut -f4 lines | tr '\n' ' ')" \
	"malformed malformed malformed wrong-kind not-a-record too-long truncated "
like "with line and column" "$(cut -f5 lines | head -n 2 | tr '\n' ' ')" '^line 2, column 4: .* line 3, column 8: '
like "and the counts add up" "$(cat err)" "lines 9, malformed 7, messages 2, decoded 2, skipped 0, readings 2"
{
	printf 'm1\t20\t%s\tsensors/t/s\tq1\tapplication/json\t\t{"a":"%s"}\n' $at "$long"
	printf 'm1\t21\t%s\tsensors/t/\001\tq1\tapplication/json\t\t{}\n' $at
	printf 'm1\t22\t%s\tsensors/t/s\tq9\tapplication/json\t\t{}\n' $at
	printf 'm1\t23\t%s\tsensors/t/s\tq1\tapplication/json\t\t{"a":1}\t00000000\n' $at
	printf 'm1\t24\n'
	json '{"b":1}'
	printf 'm1\t26\t%s\tsensors/t/s' $at
} >unreadable
fails "records that cannot be read" 65 sensor-decode --max-line 1000 --reject unread --metrics unread.prom <unreadable
is "that tell their number are skipped; not where a crc does not match, nor at the end" "$(cut -f1,2,4 out | head -n 3)" \
	"$(printf 's1\t%s\n' $'20\ttoo-long' $'21\tmalformed' $'22\tmalformed')"
is "the sound one goes through" "$(cut -f1,8 out | tail -n +4)" "$(printf 'r1\tb=1')"
is "each has its dead letter" "$(cut -f4 unread | tr '\n' ' ')" \
	"too-long malformed malformed malformed malformed truncated "
is "the skip records are counted" "$(grep decode_skips_total unread.prom | tail -n 1)" "sensorpipe_decode_skips_total 3"
fails "--strict makes dead letters a failure" 65 sensor-decode --strict --reject lines <hostile

# ---- Protobuf ----

seq=0
{
	pb "\"\\x07$metric"
	pb "\"\\x09\\x08\\x02$metric\"\\x09\\x08\\x04$metric" schema=2
	pb "\"\\x07$metric\"\\x07$metric"
} >protobuf
check "Protobuf is decoded" sensor-decode --reject /dev/null <protobuf
is "a message is complete with the reading that has no +" "$(cut -f1,2,4- out)" "$(
	printf 'r1\t1\t%s\tt\ts\t\ta=true\n' "$at"
	printf 'r1\t2+\t1970-01-01T00:00:00.000001Z\tt\ts\t2\ta=true\n'
	printf 'r1\t2\t1970-01-01T00:00:00.000002Z\tt\ts\t2\ta=true\n'
	printf 's1\t3\tbad-time\n'
)"

# ---- behaviour in a chain ----

mkfifo pipe
sensor-decode --quiet <pipe >live 2>err &
decoder=$!
exec 3>pipe
json '{"a":1}' >&3
check "a reading leaves while the input waits" wait_for 10 grep -q a=1 live
json '{"a":2}' >&3
kill -TERM $decoder
exec 3>&-
wait $decoder
is "SIGTERM ends it with status 0" $? 0
is "after what was in the pipe" "$(cut -f8 live | tr '\n' ' ')" "a=1 a=2 "

yes "$(json '{"a":1}')" | { sensor-decode --quiet 2>broken; echo $? >status; } | head -n 1 >first
is "a reader that is gone ends it with status 74" "$(cat status)" 74
like "and the output is named" "$(cat broken)" "^sensor-decode: stdout: Broken pipe$"
fails "a full disk ends it with status 74" 74 bash -c 'sensor-decode <messages >/dev/full'
fails "dead letters that cannot be written, too" 74 sensor-decode --reject /dev/full <messages
is "a skip record is not seen without its dead letter" "$(grep -c ^s1 out)" 0
fails "a file for dead letters that cannot be opened: status 73" 73 sensor-decode --reject /nowhere/file </dev/null

check "counters are kept in a file" sensor-decode --max-line 16M --map hostile.map --metrics prom --reject /dev/null <hostile
is "and add up" "$(awk '/^sensorpipe_decode_skipped_total/ { n += $NF } /^sensorpipe_decode_messages_total/ { m = $NF }
	END { print n, m }' prom)" "$(wc -l <hostile) $(wc -l <hostile)"

# ---- options ----

check "--help is short and on standard output" sensor-decode --help
like "it starts with the usage" "$(head -n 1 out)" "^usage: sensor-decode "
is "it fits a screen" "$([ "$(wc -l <out)" -le 40 ] && echo yes)" yes
missing=
for option in $(grep -oE -- '--[a-z-]+' out | sort -u); do
	grep -q "^\.It .*Fl .*${option#--}" "$root/man/sensor-decode.1" || missing+=" $option"
done
is "the manual has every option" "$missing" ""
check "-V" sensor-decode -V
like "prints the version" "$(cat out)" '^sensor-decode [0-9]+\.[0-9]+\.[0-9]+$'
for wrong in '--topic a/b' '--topic {type}{sensor}' '--default-type a' '--default-type a#=text/json' \
	'--default-type a=text/csv' '--topic z/{sensor} typ=a' '--arrays index=1' '--metric a=b' \
	'--max-payload 0' '--max-string 2M' '--max-metrics 1001' '--time-unit m' '--max-depth 0' '--max-depth 128' '--max-line 1' extra --unknown; do
	fails "refused: $wrong" 64 sensor-decode $wrong </dev/null
done
check "times by their unit" sensor-decode --time-unit us < <(json '{"a":1,"ts":1795363421836186}')
is "to the microsecond" "$(cut -f4 out)" "$at"
check "nesting by its limit" sensor-decode --max-depth 1 --reject deep < <(json '{"a":{"b":1}}')
is "is refused beyond it" "$(cut -f4 deep)" too-deep

finish
