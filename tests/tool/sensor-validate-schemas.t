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
like 'all seven of them' "$(cat err)" 'schemas without a fault: 7, warnings: 0'
is 'their numbers are bounded or have a unit' "$(jq -r '.properties | to_entries[] |
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
