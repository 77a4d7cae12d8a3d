#!/bin/bash
. "${0%/*}/../lib/tap.sh"
# Schemas proposed from readings: all of these hold against them, and what is else does not.

at=2026-10-02T07:00:00.000000Z
# reading TYPE VERSION METRIC...
reading() {
	local type=$1 version=$2
	shift 2
	printf 'r1\t1\t%s\t%s\t%s\ts-1\t%s' $at $at "$type" "$version"
	printf '\t%s' "$@"
	printf '\n'
}
propose() { sensor-validate --quiet --infer >proposed.json; }
# about FILTER: a part of the proposal.
about() { jq -c "$1" proposed.json; }

# ---- what is seen ----

{
	for v in 10.5 20.25 14 30; do
		reading t 1 "n=$v;1;Cel" i=-$((${v%.*} * 10)) 's="on"' b=true mixed=1 'free="abc"'
		reading t 1 "n=$v" i=0 's="off"' b=false 'mixed="x"' 'free="é\\u00e9"' rare=7
	done
} >good
check 'a proposal' sh -c 'sensor-validate --infer <good >proposed.json'
is 'tells what it looked at' "$(cat err)" 'sensor-validate: records 8, used 8, over limits 0, skips 0, rejected 0'
is 'metrics in their order' "$(about '.properties | keys_unsorted')" '["n","i","s","b","mixed","free","rare"]'
is 'a number, its limits wider and round, its unit' "$(about '.properties.n | del(."$comment")')" \
	'{"type":"number","minimum":5,"maximum":35,"x-unit":"Cel"}'
is 'what was seen' "$(about '.properties.n."$comment"')" '"seen 8 times, 10.5 to 30"'
is 'an integer that was never over 0' "$(about '.properties.i | del(."$comment")')" '{"type":"integer","minimum":-380,"maximum":0}'
is 'few strings' "$(about '.properties.s | del(."$comment")')" '{"type":"string","enum":["on","off"]}'
is 'true and false' "$(about '.properties.b.type')" '"boolean"'
is 'several types' "$(about '.properties.mixed | del(."$comment")')" \
	'{"type":["integer","string"],"minimum":0,"maximum":2,"maxLength":2}'
is 'what was always there is required' "$(about .required)" '["n","i","s","b","mixed","free"]'
is 'and nothing else is to be there' "$(about .additionalProperties)" false
mkdir -p one/t && cp proposed.json one/t/1.json
check 'it has no fault' sensor-validate --lint one --strict
check 'all readings hold against it' sh -c 'sensor-validate --strict --schemas one <good >passed'
check 'and pass' cmp good passed
is 'others do not' "$(reading t 1 n=36 i=0 's="on"' b=true mixed=1 'free="abc"' |
	sensor-validate --quiet --schemas one --reject /dev/stdout | sed -n 1p | cut -f4)" maximum

# ---- numbers at the edges, each a range of its own ----

hostile=(0 -0.0 1e-400 -1e-400 1e308 -1.7976931348623157e308 9007199254740993 5e-324 0.1 123456789.123456789
	0.30000000000000000001 -9223372036854775809 1e22 2.5e-7)
for n in "${hostile[@]}"; do
	reading t 1 a="$n" >edge
	propose <edge
	cp proposed.json one/t/1.json
	check "$n holds against its own proposal" sensor-validate --strict --schemas one <edge
	for m in "${hostile[@]}"; do reading t 1 a="$n" b="$m" c="$m$n" && reading t 1 a="$m" b="$n"; done >edge 2>&1
	sensor-validate --quiet --reject bad --infer <edge >one/t/1.json
	check "and beside the others" sh -c 'sensor-validate --quiet --schemas one --reject no <edge >/dev/null && ! grep -v malformed no'
	rm -f no
done
for n in 1000000000 1000000000.000001; do reading t 1 a=$n; done >edge
propose <edge
cp proposed.json one/t/1.json
check 'a small range far from 0' sensor-validate --strict --schemas one <edge

# ---- strings ----

words() { for w in "$@"; do reading t 1 "s=\"$w\""; done; }
words {1..8} {1..8} {1..8} {1..8} | propose
is '8 words, 4 times each' "$(about '.properties.s.enum | length')" 8
words {1..8} {1..8} {1..8} 1 2 3 4 5 6 7 | propose
is 'not so often' "$(about '.properties.s | [.enum, .maxLength]')" '[null,2]'
words {1..9} {1..9} {1..9} {1..9} {1..9} | propose
is '9 words' "$(about '.properties.s | [.enum, .maxLength]')" '[null,2]'
long=$(printf 'é%.0s' {1..32})
words "$long" "$long" "$long" "$long" | propose
is '64 bytes' "$(about '.properties.s.enum[0]')" "\"$long\""
words "${long}x" "${long}x" "${long}x" "${long}x" | propose
is 'more are no word: twice the length, in characters' "$(about '.properties.s | [.enum, .maxLength]')" '[null,66]'
words '' | propose
is 'an empty string' "$(about '.properties.s.maxLength')" 1
words 'a\\"\\\\\\n' 'a\\"\\\\\\n' 'a\\"\\\\\\n' 'a\\"\\\\\\n' | tee edge | propose
cp proposed.json one/t/1.json
check 'escapes' sensor-validate --strict --schemas one <edge
{ reading t 1 'a=1;1;m' && reading t 1 'a=1;1;km'; } | propose
is 'two units are none' "$(about '.properties.a."x-unit"')" null

# ---- several types ----

{
	cat good
	reading t 2 a=1
	reading u '' a=1
	printf 's1\t9\t%s\tbad-json\n' $at
	reading t 1
	echo broken
} >several
fails 'several types to standard output' 65 sh -c 'sensor-validate --infer --reject dead <several'
like 'are told' "$(cat err)" 'of 3 types and versions: choose one, or name a directory by --into'
is 'records are counted' "$(tail -n 1 err)" 'sensor-validate: records 13, used 10, over limits 0, skips 1, rejected 2'
is 'broken ones are dead letters' "$(cut -f4 dead | xargs)" 'malformed not-a-record'
check 'into a directory' sh -c 'sensor-validate --infer --into draft --reject dead <several'
is 'one for each' "$(cd draft && echo */*)" 't/1.json t/2.json u/1.json'
# As the manual does it.
check 'all of which hold' sh -c 'sensor-validate --strict --quiet --schemas draft <good >/dev/null'
fails 'nothing is written over' 73 sh -c 'sensor-validate --infer --into draft --reject dead <good'
like 'that is told' "$(cat err)" "cannot write 'draft/t/1.json': File exists"
reading ../evil 1 a=1 >evil
reading t ../../evil a=1 >>evil
reading .hidden 1 a=1 >>evil
fails 'names that are no file names' 73 sh -c 'sensor-validate --infer --into new/ <evil'
is 'are told' "$(grep -c 'no file names' err)" 3
is 'and write nothing' "$(find . -name 'evil*' ! -path ./evil; ls -A new 2>/dev/null)" ''
fails 'no readings' 65 sh -c 'sensor-validate --infer </dev/null'
like 'are told' "$(cat err)" 'there is no reading to propose a schema from'
fails '--strict' 65 sh -c '{ cat good; echo x; } | sensor-validate --strict --infer --reject dead'

# ---- limits ----

{
	for ((i = 0; i < 1001; i++)); do reading "t$i" 1 a=1; done
	for ((i = 0; i < 1001; i++)); do reading t0 1 m$i=1; done
} >many
check 'more than are kept' sh -c 'sensor-validate --infer --into many-out --metrics m <many'
is 'are counted, and the first said' "$(grep -v 'records' err)$(tail -n 1 err)" \
	'sensor-validate: more types, versions or metrics than are kept: readings of others are not looked atsensor-validate: records 2002, used 1999, over limits 3, skips 0, rejected 0'
is 'and in the metrics' "$(grep ^sensorpipe_validate m | xargs)" \
	'sensorpipe_validate_records_total 2002 sensorpipe_validate_inferred_total 1999 sensorpipe_validate_over_limits_total 3 sensorpipe_validate_skips_total 0 sensorpipe_validate_rejected_total 0'
check 'what was proposed is sound' sensor-validate --lint many-out --strict
like 'all of it' "$(cat err)" 'schemas without a fault: 1000,'

# ---- beside the simulator ----

sensor-sim --quiet --seed 7 --count 3000 | sensor-decode --quiet >readings
check 'its readings' sensor-validate --quiet --infer --into sim <readings
check 'hold against what they suggest' sh -c 'sensor-validate --strict --schemas sim <readings >/dev/null'
like 'all of them' "$(cat err)" 'records 3000, valid 3000'
fails 'a full output' 74 sh -c 'sensor-validate --infer <good >/dev/full'
finish
