#!/bin/bash
. "${0%/*}/../lib/tap.sh"
# Records against the shipped schemas: what goes out, what becomes a dead letter, and the counts.

# reading SEQ TYPE VERSION METRIC...: a reading record of now-ish, whose time is that of its arrival.
reading() {
	local seq=$1 type=$2 version=$3 at=2026-10-02T07:00:00.000000Z
	shift 3
	printf 'r1\t%s\t%s\t%s\t%s\ts-1\t%s' "$seq" $at $at "$type" "$version"
	printf '\t%s' "$@"
	printf '\n'
}

climate='temperature=21.50 humidity=40 pressure=1013.25'
good() { reading "$1" climate 1 $climate; }

# verdict METRIC...: the code a climate reading with these metrics is rejected with, or "holds".
verdict() {
	reading 1 climate 1 "$@" | sensor-validate --quiet --reject "$work/one" >/dev/null
	if [ -s one ]; then cut -f4 one; else echo holds; fi
	rm one
}

# ---- what holds goes out as it came ----

{
	good 1
	good 2+
	good 2
	reading 3 climate '' $climate
	printf 's1\t4\t2026-10-02T07:00:00.000000Z\tbad-json\n'
	reading 5 power 1 voltage=230.0 current=-1.2e1 power=1 energy=0 frequency='50;3'
	reading 6 level 1 level=1 volume=2 status='"ok"'
	reading 7 door 1 open=true opens=3 battery=99
	reading 8 gps 1 latitude=-90 longitude=180 altitude=3 speed=0 satellites=9 fix='"3d"'
	reading 9 vibration 1 rms_x=1 rms_y=2 rms_z=3 peak=9 temperature=40 pad='"\\u00e9\\n"'
	reading 10 host 1 load1=0 load5=0 load15=0 mem_used=1 mem_available=1 swap_used=0 \
		disk_used=1 disk_free=1 net_rx=0.5 net_tx=0
} >good
check 'sound records are taken' sh -c 'sensor-validate <good >passed'
is 'the summary adds up' "$(cat err)" \
	'sensor-validate: records 11, valid 10, unchecked 0, skips 1, rejected 0'
check 'they pass byte for byte' cmp good passed

# ---- what fails ----

is 'a metric out of range' "$(verdict temperature=181.2 humidity=40 pressure=1000)" maximum
is 'a metric of another type' "$(verdict temperature='"hot"' humidity=40 pressure=1000)" type
is 'a metric that is missing' "$(verdict humidity=40 pressure=1000)" required
is 'a metric that is not known' "$(verdict $climate wind=3)" additional-properties
is 'optional metrics' "$(verdict $climate battery=80) $(verdict temperature=20)" 'holds holds'

at=2026-10-02T07:00:00.000000Z
{
	reading 1 climate 1 temperature=181.2 humidity=40 pressure=1000
	good 2+
	reading 2 climate 1 temperature=-99 humidity=40 pressure=1000
	reading 3+ climate 1 temperature=-99 humidity=40 pressure=1000
	good 3
	good 4
} >mixed
check 'failures are not fatal' sh -c 'sensor-validate --reject dead <mixed >passed'
is 'a message that fails is completed by a skip record' "$(cat passed)" "$(
	printf 's1\t1\t%s\tmaximum\n' $at
	good 2+
	printf 's1\t2\t%s\tminimum\n' $at
	good 3
	good 4
)"
is 'the counts add up' "$(cat err)" \
	'sensor-validate: records 6, valid 3, unchecked 0, skips 0, rejected 3'
is 'a dead letter names metric, value and limit' "$(cut -f1,3-5 dead | head -n 1)" \
	$'x1\tsensor-validate\tmaximum\ttemperature 181.2 is over maximum 85'
is 'and holds the original' "$(cut -f6- dead)" "$(sed -n '1p;3p;4p' mixed)"
check 'mended dead letters are taken' \
	sh -c 'cut -f6- dead | sed "s/temperature=[-0-9.]*/temperature=20/" | sensor-validate >passed'
is 'all of them' "$(wc -l <passed)" 3
fails '--strict makes a rejection a failure' 65 sh -c 'sensor-validate --strict <mixed >passed'
like 'dead letters go to standard error by default' "$(cat err)" $'^x1\t.*\tmaximum\t'

# ---- types and versions ----

{
	reading 1 weather 1 a=1
	reading 2 climate 2 $climate
	reading 3 ../climate 1 $climate
	reading 4 climate ../climate/1 $climate
} >unknown
sensor-validate --quiet --reject codes <unknown >passed
is 'unknown types and versions are rejected' "$(cut -f4 codes | xargs)" \
	'unknown-type unknown-schema unknown-type unknown-schema'
is 'and skipped' "$(cut -f1,4 passed | xargs)" \
	's1 unknown-type s1 unknown-schema s1 unknown-type s1 unknown-schema'
check '--allow-unknown takes them' sh -c 'sensor-validate --allow-unknown <unknown >passed'
is 'they are counted by themselves' "$(cat err)" \
	'sensor-validate: records 4, valid 0, unchecked 4, skips 0, rejected 0'
check '--allow-unknown passes them on' cmp unknown passed

# As the manual does it, after schemas were mended.
awk -F'\t' '$4 == "unknown-type"' codes |
	cut -f6- | sensor-validate --quiet --allow-unknown >passed
is 'dead letters of one code are fed in again' "$(cut -f2 passed | xargs)" '1 3'

# ---- time ----

late() { good 1 | sed "s/$at/$1/2"; }
codes() { sensor-validate --quiet --reject /dev/stdout | cut -f1,4 | head -n 1; }
is 'a week late is taken' "$(late 2026-09-25T07:00:00.000000Z | codes | cut -f1)" r1
is 'more is too old' "$(late 2026-09-25T06:59:59.999999Z | codes)" $'x1\ttoo-old'
is 'a minute ahead is taken' "$(late 2026-10-02T07:01:00.000000Z | codes | cut -f1)" r1
is 'more is too far ahead' "$(late 2026-10-02T07:01:00.000001Z | codes)" $'x1\ttoo-future'

good 1 | sed "s/$at/2026-09-25T06:59:59.5Z/2" | sensor-validate --quiet --reject late >/dev/null
is 'the detail tells by how much' "$(cut -f5 late)" \
	'time 2026-09-25T06:59:59.500000Z is 604800.5 s before its arrival, over x-max-age 604800'

# ---- units ----

is 'a unit as in the schema' "$(verdict 'temperature=21;1;Cel' 'humidity=4;3;%RH')" holds
is 'another one' "$(verdict 'temperature=70;1;[degF]')" unit
is 'goes before the limits, which are of the right one' "$(verdict 'temperature=170;1;[degF]')" unit
is 'units are compared byte by byte' "$(verdict 'temperature=21;1;cel')" unit
is 'a metric without a unit in the schema' \
	"$(reading 1 host 1 load1=1';1;%' | sensor-validate --quiet --reject one | cut -f1)" r1
reading 1 climate 1 'temperature=70;1;[degF]' | sensor-validate --quiet --reject one >/dev/null
is 'the detail tells both' "$(cut -f5 one)" 'temperature 70 has the unit [degF], not x-unit Cel'
rm one

# ---- the rule ----

sensor-validate --quiet --explain --reject explained <mixed >/dev/null
is '--explain tells the rule and its file' "$(head -n 1 explained | cut -f5)" \
	"temperature 181.2 is over maximum 85 ($SENSORPIPE_SCHEMAS/climate/1.json#/properties/temperature/maximum)"
explain() { reading 1 "$@" | sensor-validate --quiet --explain --reject /dev/stdout | cut -f5 | sed '2,$d; s/.*(.*#/#/; s/)$//'; }
is 'of what is missing' "$(explain climate 1 humidity=4)" '#/required'
is 'of what is not known' "$(explain climate 1 temperature=1 x=1)" '#/additionalProperties'
is 'of the time' "$(good 1 | sed "s/$at/2026-09-01T00:00:00.000000Z/2" |
	sensor-validate --quiet --explain --reject /dev/stdout | sed 2,\$d | cut -f5 | sed 's/.*#/#/')" '#/x-max-age)'
is 'there is none of an unknown type' "$(explain weather 1 a=1)" 'no schema of type weather'
# As the manual does it.
is 'dead letters are asked again' "$(cut -f6- dead | sensor-validate --explain --reject /dev/stdout 2>/dev/null |
	grep ^x1 | cut -f5 | head)" "$(cut -f5 explained)"

# ---- broken input ----

{
	good 1
	printf 'r1\t2\t%s\t%s\tclimate\ts-1\t1\ttemperature=1e999\n' $at $at
	printf 'r1\t3+\t%s\t%s\tclimate\ts-1\t1\ttemperature=\n' $at $at
	printf 'r1\tx\n'
	printf 'r1\t4\t%s\t%s\tclimate\ts-1\t1\ttemp\001=1\n' $at $at
	printf 'hello\n'
	printf 'm1\t5\n'
	good 6 | tr -d '\n'
} >broken
fails 'a truncated record is a failure' 65 sh -c 'sensor-validate --reject bad <broken >passed'
is 'each has its code' "$(cut -f4 bad | xargs)" \
	'malformed malformed malformed malformed not-a-record wrong-kind truncated'
is 'a broken reading that tells its seq completes it' "$(cat passed)" "$(
	good 1
	printf 's1\t%d\t%s\tmalformed\n' 2 $at 4 $at
)"
is 'broken records are counted' "$(cat err)" \
	'sensor-validate: records 8, valid 1, unchecked 0, skips 0, rejected 7'
fails 'messages instead of readings' 65 sh -c 'printf "m1\t1\n" | sensor-validate'
like 'the missing stage is named' "$(cat err)" 'put sensor-decode before'
good 1 | sensor-validate --max-line 100 --reject long >passed 2>/dev/null
is 'a record over --max-line' "$(cut -f4 long)" too-long
is 'completes its message, too' "$(cat passed)" "$(printf 's1\t1\t%s\ttoo-long' $at)"

# ---- beside the simulator ----

# As the manual does it.
sensor-sim --quiet --seed 7 --count 3000 --errors 5 |
	sensor-decode --quiet --reject undecoded |
	sensor-validate --reject invalid >passed 2>err
like 'what the simulator sends is known to the schemas' "$(cat err)" 'valid [0-9]{4},'
is 'every message ends as one record' "$(wc -l <passed)" 3000
is 'readings, or skip records for the dead letters' "$(grep -c ^s1 passed)" \
	"$(cat undecoded invalid | wc -l)"
sensor-sim --quiet --seed 7 --count 3000 | sensor-decode --quiet |
	sensor-validate >/dev/null 2>err
is 'without errors all of them hold' "$(cat err)" \
	'sensor-validate: records 3000, valid 3000, unchecked 0, skips 0, rejected 0'

# ---- metrics, options ----

check '--metrics writes the counters' \
	sh -c 'sensor-validate --quiet --metrics counters --reject dead2 <mixed >passed'
is 'they are those of the summary' "$(grep -E '^sensorpipe_validate_(records|valid|rejected)_total ' counters)" \
	'sensorpipe_validate_records_total 6
sensorpipe_validate_valid_total 3
sensorpipe_validate_rejected_total 3'
is 'failures are counted by code' "$(grep 'failed_total.* [1-9]' counters)" \
	'sensorpipe_validate_failed_total{code="minimum"} 2
sensorpipe_validate_failed_total{code="maximum"} 1'
is '-V' "$(sensor-validate -V)" 'sensor-validate 0.1.0'
check '--help' sensor-validate --help
like '--help goes to standard output' "$(cat out)" '^usage: sensor-validate'
fails 'an unknown option' 64 sensor-validate --nope
fails 'an argument' 64 sensor-validate file
check '--quiet says nothing' sh -c 'sensor-validate --quiet <good'
is 'indeed nothing' "$(cat err)" ''
fails 'a full output' 74 sh -c 'sensor-validate <good >/dev/full'
finish
