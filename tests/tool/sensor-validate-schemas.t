#!/bin/bash
. "${0%/*}/../lib/tap.sh"
# Loading schemas: faults are told and refused at the start; a reload keeps the old ones on a fault.

at=2026-10-02T07:00:00.000000Z
reading() { printf 'r1\t%s\t%s\t%s\tt\ts\t1\t%s\n' "$1" $at $at "$2"; }
# schema MAXIMUM: the schema of type t allows v up to this.
schema() {
	mkdir -p schemas/t
	echo "{\"properties\": {\"v\": {\"maximum\": $1}}}" >schemas/t/new
	mv schemas/t/new schemas/t/1.json
}

check 'the shipped schemas hold' sensor-validate --lint "$root/pipelines/schemas"
like 'all eight of them' "$(cat err)" 'schemas without a fault: 8, warnings: 0'
is 'their numbers are bounded or have a unit' "$(jq -r '.properties // {} | to_entries[] |
	select(.value.type == "number" and (.value | has("x-unit") or has("minimum") | not)) | .key' \
	"$root"/pipelines/schemas/*/1.json)" ''

mkdir -p manual/climate
sed -n '/^{$/,/^}$/p' "$root/man/sensorpipe-schemas.5" >manual/climate/1.json
check 'so does the one in the manual' sensor-validate --lint manual
like 'which is one' "$(cat err)" 'schemas without a fault: 1, warnings: 0'

# ---- faults ----

schema 10
check 'a sound schema' sensor-validate --lint schemas
schema '"10"'
echo '{"properties": {"w": {"format": "date"}}, "properties": {}}' >schemas/t/2.json
fails 'faults' 78 sensor-validate --lint schemas
is 'all of them are told, with file and place' "$(cat err)" \
	'sensor-validate: schemas/t/1.json#/properties/v/maximum: must be a number
sensor-validate: schemas/t/2.json:1:57: a name is given twice: this is its second value'
fails 'they are refused at the start' 78 sh -c 'sensor-validate --schemas schemas </dev/null'
like 'before a record is read' "$(cat err)" 't/1.json#/properties/v/maximum: must be a number'
fails 'no schemas' 78 sh -c 'sensor-validate --schemas nowhere </dev/null'
like 'are named' "$(cat err)" 'nowhere: No such file or directory'
rm schemas/t/2.json

# ---- what cannot be meant ----

mkdir -p odd/t
cat >odd/t/1.json <<'END'
{
	"properties": {
		"a": { "minimum": 5, "maximum": 4, "exclusiveMaximum": 5 },
		"b": { "exclusiveMinimum": 1, "maximum": 1, "exclusiveMaximum": 0.5 },
		"c": { "type": "string", "enum": ["x", 3, "x", "long"], "maxLength": 3, "multipleOf": 2 },
		"d": { "type": "number", "const": -1, "minimum": 0, "pattern": "x" },
		"e": { "minLength": 2, "maxLength": 1 },
		"f": { "enum": [] },
		"g": false,
		"sound": { "minimum": 4, "maximum": 4, "exclusiveMaximum": 4.5, "minLength": 1, "maxLength": 1 }
	},
	"required": ["a", "g", "y"],
	"dependentRequired": { "a": ["z"] },
	"minProperties": 3,
	"maxProperties": 2,
	"additionalProperties": { "minimum": 2, "maximum": 1 },
	"x-compatible-with": ["2"]
}
END
echo '{"required": ["q"], "additionalProperties": false, "x-compatible-with": ["2", "0"]}' >odd/t/2.json
check 'a warning is no fault' sensor-validate --lint odd
is 'all of them are told' "$(sed 's/^sensor-validate: //; s/odd.t.//; s/warning: //' err | sort)" "$(sort <<'END'
1.json#/properties/a/minimum: no number holds: maximum is 4
1.json#/properties/a/minimum: no number holds: exclusiveMaximum is 5
1.json#/properties/b/exclusiveMinimum: no number holds: maximum is 1
1.json#/properties/b/exclusiveMinimum: no number holds: exclusiveMaximum is 0.5
1.json#/properties/c/type: takes no number: the keywords for numbers have no effect
1.json#/properties/c/enum/1: can never be: 3 is not of type "string"
1.json#/properties/c/enum/2: is there already
1.json#/properties/c/enum/3: can never be: "long" is longer than maxLength 3: it has 4 characters
1.json#/properties/d/type: takes no string: the keywords for strings have no effect
1.json#/properties/d/const: can never be: -1 is under minimum 0
1.json#/properties/e/minLength: no string holds: it is over maxLength
1.json#/properties/f/enum: nothing holds: it is empty
1.json#/required: 'g' can never be: its schema is false
1.json#/required: 'y' is not among the properties
1.json#/dependentRequired: 'z' is not among the properties
1.json#/maxProperties: no object holds: minProperties is over it
1.json#/maxProperties: no object holds: more are required
1.json#/additionalProperties/minimum: no number holds: maximum is 1
1.json#/x-compatible-with/0: has no effect: version 2 has a schema of its own
2.json#/required: 'q' can never be: it is not among the properties, and there are to be no others
2.json#/x-compatible-with/0: has no effect: version 2 has a schema of its own
schemas without a fault: 2, warnings: 21
END
)"
fails '--strict makes a failure of them' 65 sensor-validate --lint odd --strict
check 'readings are judged without a word of them' sh -c 'sensor-validate --quiet --schemas odd </dev/null'
is 'indeed none' "$(cat err)" ''
check '--strict without a warning' sensor-validate --lint "$root/pipelines/schemas" --strict

# ---- compatible versions ----

schema 10
mv schemas/t/1.json schemas/t/3.json
fails 'version 1 has no schema' 65 sh -c "echo '$(reading 1 v=11)' | sensor-validate --strict --schemas schemas"
echo '{"properties": {"v": {"maximum": 10}}, "x-compatible-with": ["1", "2", "none"]}' >schemas/t/3.json
check 'a sound one' sensor-validate --lint schemas --strict
{
	reading 1 v=9
	reading 2 v=11
	reading 3 v=9 | sed 's/	s	1/	s	2/'
	reading 4 v=9 | sed 's/	s	1/	s	3/'
	reading 5 v=9 | sed 's/	s	1/	s	4/'
	reading 6 v=9 | sed 's/	s	1/	s	/'
} >versions
sensor-validate --quiet --schemas schemas --reject dead0 <versions >out0
is 'it judges the versions it names, and its own' "$(cut -f1,2 out0 | xargs)" 'r1 1 s1 2 r1 3 r1 4 s1 5 r1 6'
is 'the version stays as it came' "$(grep ^r1 out0)" "$(sed -n '1p;3p;4p;6p' versions)"
is 'others are unknown' "$(cut -f4 dead0 | xargs)" 'maximum unknown-schema'
echo '{"properties": {"v": {"maximum": 20}}, "x-compatible-with": ["0", "2"]}' >schemas/t/4.json
fails 'two for one version' 78 sensor-validate --lint schemas
like 'are told' "$(cat err)" 'schemas/t/4.json#/x-compatible-with/1: version 2 has a compatible schema already, schemas/t/3.json'
echo '{"properties": {"v": {"maximum": 20}}, "x-compatible-with": ["0"]}' >schemas/t/1.json
rm schemas/t/4.json
sensor-validate --quiet --schemas schemas <versions >out0 2>dead0
is 'a schema of its own goes before' "$(cut -f1,2 out0 | xargs)" 'r1 1 r1 2 r1 3 r1 4 s1 5 r1 6'
rm schemas/t/3.json

# ---- reload ----

schema 10
mkfifo in
sensor-validate --schemas schemas --reject dead <in >out1 2>log &
pid=$!
cleanup() { kill $pid 2>/dev/null; }
exec 3>in
lines() { [ "$(wc -l <out1)" = "$1" ]; }

reading 1 v=11 >&3
check 'the schema is in use' wait_for 10 lines 1
is 'v is over it' "$(cut -f1,4 out1)" $'s1\tmaximum'

schema 20
kill -HUP $pid
check 'SIGHUP reloads' wait_for 10 grep -q 'schemas reloaded: 1' log
reading 2 v=11 >&3
check 'the next record comes' wait_for 10 lines 2
is 'and meets the new schema' "$(tail -n 1 out1 | cut -f1,2)" $'r1\t2'

schema '"x"'
kill -HUP $pid
check 'a broken schema is told' wait_for 10 grep -q 'old ones stay' log
like 'with its place' "$(cat log)" 'schemas/t/1.json#/properties/v/maximum: must be a number'
reading 3 v=21 >&3
reading 4 v=19 >&3
check 'the next records come' wait_for 10 lines 4
is 'and meet the old schema' "$(tail -n 2 out1 | cut -f1,2 | xargs)" 's1 3 r1 4'

exec 3>&-
check 'it ends with its input' wait $pid
is 'with all records counted' "$(tail -n 1 log)" \
	'sensor-validate: records 4, valid 2, unchecked 0, skips 0, rejected 2'

# ---- an input that never pauses, and an output that does ----

schema 10
{
	reading 1 v=11
	for ((i = 2; i <= 4000; i++)); do reading $i v=9; done
} >many
mkfifo slow
exec 4<>slow # nobody reads yet: after 64 KiB the tool waits in its write
sensor-validate --schemas schemas --reject first <many >slow 2>log &
pid=$!
check 'a dead letter leaves before the records after it' wait_for 10 test -s first
kill -HUP $pid
exec 5<slow 4>&-
cat <&5 >out2
check 'the rest follows' wait $pid
check 'and the reload was not put off to the end' grep -q 'schemas reloaded: 1' log
is 'nothing is lost' "$(wc -l <out2)" 4000
finish
