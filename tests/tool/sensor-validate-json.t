#!/bin/bash
. "${0%/*}/../lib/tap.sh"
# JSON values against one schema: each keyword by JSON Schema 2020-12, at every level, and the answers.

# judged SCHEMA VALUE...: the answers, in one line.
judged() {
	printf '%s' "$1" >schema.json
	shift
	printf '%s\n' "$@" | sensor-validate --quiet --json --schema schema.json 2>err | xargs
}

# holds SCHEMA VALUE..., and refuses SCHEMA VALUE...: all of the values do.
holds() {
	local schema=$1
	shift
	is "$schema takes $*" "$(judged "$schema" "$@")" "$(printf 'valid %.0s' "$@" | xargs)"
}
refuses() {
	local schema=$1
	shift
	is "$schema refuses $*" "$(judged "$schema" "$@")" "$(printf 'invalid %.0s' "$@" | xargs)"
}

# ---- types ----

holds true 1 null '{"a":[]}'
refuses false 1 null '{}'
holds '{}' 1 '"a"' '[1]' 'false'
holds '{"type":"integer"}' 7 7.0 -70e-1 0 123456789012345678901234567890
refuses '{"type":"integer"}' 7.5 '"7"' null '[7]' true
holds '{"type":"number"}' 7 7.5 1e-400
refuses '{"type":"number"}' '"7.5"' '{}'
holds '{"type":"null"}' null
refuses '{"type":"null"}' 0 '""' false '{}' '[]'
holds '{"type":"array"}' '[]' '[[],{}]'
refuses '{"type":"array"}' '{}' '"[]"'
holds '{"type":"object"}' '{}'
refuses '{"type":"object"}' '[]' null
refuses '{"type":"boolean"}' 0 1 '"true"' null
holds '{"type":["object","null"]}' null '{"a":1}'
refuses '{"type":["object","null"]}' '[]' 1

# ---- const and enum: whole values ----

holds '{"const":{"a":[1,{"b":null}],"c":"é"}}' '{"c":"\u00e9","a":[1.0,{"b":null}]}' \
	'{ "a" : [10e-1, {"b":null}], "c":"é" }'
refuses '{"const":{"a":[1,{"b":null}],"c":"é"}}' '{"a":[1,{"b":null}]}' '{"a":[1,{"b":0}],"c":"é"}' \
	'{"a":[1,{"b":null}],"c":"é","d":1}' '{"a":[{"b":null},1],"c":"é"}' '{"A":[1,{"b":null}],"c":"é"}'
holds '{"const":"a\u0000b"}' '"a\u0000b"' '"\u0061\u0000b"'
refuses '{"const":"a\u0000b"}' '"a"' '"ab"' '"a\u0000"'
holds '{"const":[0]}' '[0]' '[0.0]' '[-0]'
refuses '{"const":[false]}' '[0]' '[]' '[false,false]'
refuses '{"const":1}' true '"1"' '[1]' 2
holds '{"const":9007199254740993}' 9007199254740993.0
refuses '{"const":9007199254740993}' 9007199254740992
holds '{"enum":[6,"x",[],true,{"a":12}]}' 6.0 '"x"' '[]' true '{"a":12}'
refuses '{"enum":[6,"x",[],true,{"a":12}]}' null '{"a":12,"b":1}' '{"a":false}' '[6]' false
refuses '{"enum":[]}' 1 null

# ---- numbers and strings; other types pass ----

holds '{"minimum":1.1,"maximum":3}' 1.1 3.0 2 '"x"' null '[9]' '{"a":9}'
refuses '{"minimum":1.1,"maximum":3}' 1.09999999999999999999 3.00000000000000000001
refuses '{"exclusiveMinimum":0,"exclusiveMaximum":1}' 0 -0.0 1.0
holds '{"exclusiveMinimum":0,"exclusiveMaximum":1}' 1e-400 0.99999999999999999999
holds '{"maximum":18446744073709551615}' 18446744073709551615 18446744073709551614.5
refuses '{"maximum":18446744073709551615}' 18446744073709551616
holds '{"multipleOf":0.0001}' 0.0075 7 0 '"a"'
refuses '{"multipleOf":0.0001}' 0.00751
refuses '{"type":"integer","multipleOf":0.123456789}' 1e308
holds '{"minLength":2,"maxLength":2}' '"é\u00e9"' '"\ud83d\udc32\ud83d\udc32"' 7 '[1,2,3]'
refuses '{"minLength":2,"maxLength":2}' '"é"' '"abc"' '""'
holds '{"pattern":"b+"}' '"abbc"' 12 null '{}'
refuses '{"pattern":"^b+$"}' '"abbc"' '"b\n"'
holds '{"pattern":"^\\p{Letter}\\s$"}' '"é\u00a0"'

# ---- objects, nested ----

nested='{"properties":{"a":{"type":"object","properties":{"b":{"maximum":5},"c":false},"required":["b"],"additionalProperties":{"type":"string"}},"":{"const":1}},"additionalProperties":true}'
holds "$nested" '{}' '{"a":{"b":5}}' '{"a":{"b":5,"x":"y"},"z":[]}' '{"":1}' 7
refuses "$nested" '{"a":{}}' '{"a":{"b":6}}' '{"a":{"b":1,"c":1}}' '{"a":{"b":1,"x":2}}' '{"a":1}' '{"":2}'
holds '{"required":["a\nb","\u0000"]}' '{"a\nb":1,"\u0000":2}' '[]'
refuses '{"required":["a\nb","\u0000"]}' '{"a\nb":1}' '{}'
holds '{"dependentRequired":{"a":["b","c"]}}' '{}' '{"b":1}' '{"a":1,"b":2,"c":3}' '"a"'
refuses '{"dependentRequired":{"a":["b","c"]}}' '{"a":1}' '{"a":1,"b":2}'
holds '{"minProperties":1,"maxProperties":2}' '{"a":1}' '{"a":1,"b":2}' '[]' 7
refuses '{"minProperties":1,"maxProperties":2}' '{}' '{"a":1,"b":2,"c":3}'
holds '{"properties":{"a":{"minProperties":1}}}' '{"a":{"x":1}}' '{"a":[]}'
refuses '{"properties":{"a":{"minProperties":1}}}' '{"a":{}}'
# The same place is judged anew for each object.
refuses '{"additionalProperties":{"required":["x"]}}' '{"a":{"x":1},"b":{}}' '{"a":{},"b":{"x":1}}'
holds '{"additionalProperties":{"required":["x"]}}' '{"a":{"x":1},"b":{"x":2}}'
holds '{"format":"date","contentMediaType":"image/png","deprecated":true,"readOnly":false,"x-unit":"m","default":1,"examples":[2]}' '"no date"' 1

# ---- what is no schema ----

for wrong in '{"items":true}' '{"$ref":"#"}' '{"properties":{"a":{"anyOf":[]}}}' '{"minItems":1}' '{"uniqueItems":true}' \
	'{"patternProperties":{}}' '{"not":{}}' '{"$defs":{}}' '{"$schema":"http://json-schema.org/draft-07/schema#"}' 7 '[]' ''; do
	printf '%s' "$wrong" >wrong.json
	fails "no schema: $wrong" 78 sensor-validate --json --schema wrong.json </dev/null
done
fails 'no file' 78 sensor-validate --json --schema nowhere.json </dev/null
like 'is named' "$(cat err)" 'nowhere.json: No such file'
check 'a schema of readings' sh -c \
	"echo '{\"temperature\":20}' | sensor-validate --json --schema '$root/pipelines/schemas/climate/1.json' --strict"

# ---- answers ----

echo '{"properties":{"a":{"maximum":5},"b/c":{"properties":{"~d":{"type":"string"}}}},"required":["a"]}' >a.json
{
	printf '%s\n' '{"a":3}' '{"a":7}' '{"a":1,"b/c":{"~d":1}}' '{}' '' '{"a":1' '{"a":1,"a":2}' '1 2' '[1e999]' $'"\xff"' '{"x":"\ud800"}'
	head -c 200 /dev/zero | tr '\0' '['
	printf '\n1'
} >lines
fails 'an input that ends within a line' 65 sh -c 'sensor-validate --json --schema a.json <lines >answers'
is 'each line has its answer, in order' "$(xargs <answers)" \
	'valid invalid invalid invalid error error error error error error error error error'
is 'and is counted' "$(cat err)" 'sensor-validate: values 13, valid 1, invalid 3, errors 9'
head -n 11 lines | sensor-validate --quiet --json --schema a.json --explain >answers
is 'explained: the rule, the value, and why' "$(head -n 6 answers)" "$(printf '%s\t%s\t%s\t%s\n' \
	invalid '#/properties/a/maximum' /a 'a 7 is over maximum 5' \
	invalid '#/properties/b~1c/properties/~0d/type' /b~1c/~0d '~d 1 is not of type "string"' \
	invalid '#/required' '' 'a is missing' \
	error '' '' 'column 1: the text ends where a value should be' \
	error '' '' 'column 7: object without an end' | sed '1i valid')"
is 'every line has its fields' "$(grep -v '^valid$' answers | grep -c '^[a-z]*	.*	.*	.')" 10
fails '--strict: a value that does not hold' 65 sh -c 'echo {} | sensor-validate --strict --json --schema a.json'
check 'else that is no failure' sh -c 'echo {} | sensor-validate --json --schema a.json'
check '--strict: all hold' sh -c "echo '{\"a\":1}' | sensor-validate --strict --json --schema a.json"
is 'a line over --max-line' "$(printf '"%0100d"\n1\n' 0 | sensor-validate --quiet --max-line 64 --json --schema a.json | xargs)" \
	'error valid'
is 'more values than are kept' "$({
	printf '[1'
	yes ,1 | head -n 100000 | tr -d '\n'
	printf ']\n[[1]]\n'
} | sensor-validate --quiet --json --schema a.json --explain | cut -f1,4 | xargs)" 'error column 200000: more than 100000 values valid'
is '64 arrays in each other' "$(printf '%s\n' "$(printf '[%.0s' {1..64})$(printf ']%.0s' {1..64})" \
	"$(printf '[%.0s' {1..65})$(printf ']%.0s' {1..65})" | sensor-validate --quiet --json --schema a.json | xargs)" 'valid error'
check '--metrics' sh -c "echo 1 | sensor-validate --quiet --json --schema a.json --metrics m >/dev/null"
is 'counts values' "$(grep ^sensorpipe_validate m)" 'sensorpipe_validate_values_total 1
sensorpipe_validate_values_valid_total 1
sensorpipe_validate_values_invalid_total 0
sensorpipe_validate_values_error_total 0'

# ---- an input that pauses ----

mkfifo in
sensor-validate --quiet --json --schema a.json <in >answers &
pid=$!
cleanup() { kill $pid 2>/dev/null; }
exec 3>in
echo '{"a":1}' >&3
check 'the answer comes before the next line' wait_for 10 grep -qx valid answers
exec 3>&-
check 'and the end with the input' wait $pid

# ---- options ----

fails '--json without a schema' 64 sensor-validate --json
fails '--schema without --json' 64 sensor-validate --schema a.json
fails '--json and --lint' 64 sensor-validate --json --schema a.json --lint .
fails '--json and --reject' 64 sensor-validate --json --schema a.json --reject x
fails '--json and --allow-unknown' 64 sensor-validate --json --schema a.json --allow-unknown
fails '--lint and --explain' 64 sensor-validate --lint . --explain
fails '--into without --infer' 64 sensor-validate --into x
fails 'a full output' 74 sh -c 'echo 1 | sensor-validate --json --schema a.json >/dev/full'

# As the manual does it.
echo '{"properties":{"a":{"maximum":5}}}' >a.json
is 'the example of the manual' "$(printf '%s\n' '{"a": 3}' '{"a": 7}' |
	sensor-validate --quiet --json --schema a.json --explain | tail -n 1)" \
	"$(grep -a '^invalid	#' "$root/man/sensor-validate.1")"
finish
