#!/bin/bash
# The shapes of JSON and plain text that sensors send become the readings that the manual promises.
. "${0%/*}/../lib/tap.sh"

at=2026-11-22T16:03:41.836186Z

# decode CONTENT-TYPE PAYLOAD [OPTION...]: the records of one message without seq and time of arrival,
# or the code and detail of its dead letter.
decode() {
	local type=$1 payload=$2
	shift 2
	printf 'm1\t7\t%s\tsensors/t/s\tq1\t%s\t\t%s\n' $at "$type" "$payload" >message
	sensor-decode --quiet --reject dead "$@" <message | cut -f1,2,4- | sed "s/$at/now/"
	if [ -e dead ]; then cut -f4,5 dead && rm dead; fi
}
json() { decode application/json "$@"; }
text() { decode text/plain "$@"; }

# ---- the manual's example ----

(
	printf 'm1\t8\t2026-11-22T16:03:41Z\tboiler/sensor/flow/state\tq0\t'
	printf '\t\t61.50\n'
) | sensor-decode --quiet --default-type '+/sensor/+/state=text/plain' \
	--topic '{sensor}/sensor/{metric}/state type=heating' >one
is "plain numbers, each under its topic" "$(cut -f5- one)" "$(printf 'heating\tboiler\t\tflow=61.50')"

# ---- shapes of JSON ----

is "an object" "$(json '{"a":1,"b":{"c":2}}')" "$(printf 'r1\t7\tnow\tt\ts\t\ta=1\tb.c=2')"
is "ThingsBoard's telemetry, in milliseconds" "$(json '{"ts":1500,"values":{"a":1}}' --time-unit s)" \
	"$(printf 'r1\t7\t1970-01-01T00:00:01.500000Z\tt\ts\t\ta=1')"
is "several of them" "$(json '[{"ts":1000,"values":{"a":1}},{"ts":2000,"values":{"a":2}}]')" \
	"$(printf 'r1\t%s:0%d.000000Z\tt\ts\t\ta=%d\n' 7+$'\t'1970-01-01T00:00 1 1 7$'\t'1970-01-01T00:00 2 2)"
is "objects with times" "$(json '[{"time":"1970-01-01T00:00:01Z","a":1},{"a":2,"ts":2000}]' | cut -f2,3,7)" \
	"$(printf '%s:0%d.000000Z\ta=%d\n' 7+$'\t'1970-01-01T00:00 1 1 7$'\t'1970-01-01T00:00 2 2)"
is "objects without times are one reading" "$(json '[{"a":1},{"b":2}]')" "$(printf 'r1\t7\tnow\tt\ts\t\ta=1\tb=2')"
like "objects of which some have times" "$(json '[{"ts":1,"a":1},{"a":2}]')" "^s1.*bad-time$"
like "an array is refused, and told how to be taken" "$(json '{"a":[1,2]}')" "unsupported-shape.*'a' is an array; '--arrays index'"
is "or taken by its positions" "$(json '{"a":[1,{"b":2}]}' --arrays index | cut -f7-)" "$(printf 'a.0=1\ta.1.b=2')"
is "one value, named by an option" "$(json 21.50 --metric temperature | cut -f7)" "temperature=21.50"
is "or by the topic, which comes first" "$(json '"on"' --metric x --topic 'sensors/{type}/{sensor}' | cut -f7)" 'x="on"'
is "as here" "$(json true --metric x --topic 'sensors/{metric}/{sensor} type=T' | cut -f4-)" "$(printf 'T\ts\t\tt=true')"

# ---- plain text ----

is "a number" "$(text ' 21.50\n' --metric m | cut -f7)" "m=21.50"
is "a word" "$(text ON --metric m | cut -f7)" 'm="ON"'
like "without a name" "$(text 21.5)" "no-metric-name"
like "what is no number" "$(text nan --metric m)" "number-range.*'nan' is not a finite number"
is "a constant schema" "$(text 1 --topic 'sensors/{type}/{sensor} schema=3 metric=m' | cut -f4-)" "$(printf 't\ts\t3\tm=1')"

# ---- limits ----

like "the size of a payload" "$(json '{"a":12}' --max-payload 7)" "too-large.*the payload has 8 bytes, more than 7"
is "up to it" "$(json '{"a":1}' --max-payload 7 | cut -f7)" "a=1"
like "the length of a string" "$(json '{"a":"123"}' --max-string 2)" "string-too-long.*'a' is a string of 3 bytes, more than 2"
like "of any format" "$(text 123x --metric m --max-string 3)" "string-too-long"
is "longer than the default" "$(json "{\"a\":\"$(printf %5000s x)\"}" --max-string 5000 | cut -f7 | wc -c)" 5005
like "the number of metrics" "$(json '{"a":1,"b":2,"c":3}' --max-metrics 2)" "too-many-metrics.*more than 2 metrics"
like "the depth, which arrays count for" "$(json '[{"a":{"b":1}}]' --max-depth 2)" "too-deep.*'a' is nested over 2 deep"

# ---- the verdict on the syntax ----

for bad in '[1' '{"a":1,"a":2' '[{"a":1},]' '1 2' '{"a":[1,2]]' '{"":1,}' "$(printf '[%.0s' {1..2000})"; do
	like "no JSON: ${bad:0:20}" "$(json "$bad")" "^s1.*bad-json$"
done
for good in '[1]' '{"a":1,"a":2}' '{"":1}' '[]' 'null' '1' "$(printf '[%.0s' {1..2000}; printf ']%.0s' {1..2000})"; do
	like "JSON, if not taken: ${good:0:20}" "$(json "$good" | grep ^s1 | grep -v bad-json)" ^s1
done
finish
