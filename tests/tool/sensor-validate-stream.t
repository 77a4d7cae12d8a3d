#!/bin/bash
# Stream checks: flags and dead letters in a chain of readings, their state over restarts, and its bounds.
. "${0%/*}/../lib/tap.sh"

# schema PROPERTIES [KEYWORDS]: of type t.
schema() {
	mkdir -p schemas/t
	echo "{\"properties\": {$1}${2:+, $2}}" >schemas/t/1.json
}

# readings: of lines SECONDS METRICS, SECONDS up to a day, METRICS with '|' for TAB; as received then.
readings() {
	awk '{ at = sprintf("2026-10-02T%02d:%02d:%09.6fZ", $1 / 3600, $1 % 3600 / 60, $1 % 60)
		gsub(/\|/, "\t", $2)
		printf "r1\t%d\t%s\t%s\tt\ts\t1\t%s\n", NR, at, at, $2 }'
}

# flags [OPTION...]: what becomes of each reading: its metrics, or the code of its dead letter.
flags() {
	sensor-validate --schemas schemas --quiet --reject /dev/null "$@" |
		awk -F'\t' '$1 == "s1" { print $4; next } { for (i = 8; i <= NF; i++) printf "%s%s", $i, i < NF ? "|" : "\n" }'
}

# ---- the example of the manual ----

page=$root/man/sensorpipe-schemas.5
mkdir -p schemas/t
{
	echo '{'
	sed -n '/^"properties": {$/,/^"x-duplicates"/p' "$page"
	echo '}'
} >schemas/t/1.json
check 'the schema of the manual' sensor-validate --lint schemas --strict
grep -E '^ *[0-9]+ +[0-9.]+ +(good|suspect|fail)' "$page" >values
is 'has values' "$(wc -l <values)" 13
awk '{ print $1, "temperature=" $2 }' values | readings >in
is 'which get the flags it says' "$(flags <in)" "$(awk '
	$3 == "good" { print "temperature=" $2 }
	$3 == "suspect" { print "temperature=" $2 ";3" }
	$3 == "fail" { gsub(/^x-|:$/, "", $4); print $4 }' values)"

# ---- what goes out ----

schema '"a": {"x-gross-range": {"suspect": [0, 10], "fail": [-5, 20]}}, "b": {}'
printf '%s\n' '0 a=1|b=2;1;Cel' '1 a=11|b=2' '2 a=11;2|b=2' '3 a=11;3|b=2' '4 a=11;4' '5 a=99;9' \
	'6 a=11;1;Cel|b="a\\tb;"' '7 b=1|a=21' '8 a="11"|b=99' '9 a=true' >lines
readings <lines >in
is 'the quality is that of the metric, and a worse one stays' "$(flags <in)" 'a=1|b=2;1;Cel
a=11;3|b=2
a=11;3|b=2
a=11;3|b=2
a=11;4
a=99;9
a=11;3;Cel|b="a\\tb;"
gross-range
a="11"|b=99
a=true'
sensor-validate --schemas schemas --quiet --reject dead <in >out
is 'but for that, readings are as they came' "$(sed '/^s1/d; s/a=11;3/a=11/' out)" \
	"$(sed '8d; s/a=11;[123]/a=11/' in)"
is 'a dead letter names value and limit' "$(cut -f4,5 dead)" \
	$'gross-range\ta 21 is out of x-gross-range fail -5 to 20'
is 'and holds the original' "$(cut -f6- dead)" "$(sed -n 8p in)"
sensor-validate --schemas schemas --quiet --explain --reject dead <in >out
like 'and the rule' "$(tail -n 1 dead | cut -f5)" '\(schemas/t/1.json#/properties/a/x-gross-range\)$'
check 'the summary' sh -c 'sensor-validate --schemas schemas --reject dead <in >out'
is 'tells of suspect readings' "$(cat err)" \
	'sensor-validate: records 10, valid 9, unchecked 0, skips 0, rejected 1; suspect 3 of the valid'

sed -n '/^sensor-validate --state series/,/sort -rn$/p' "$root/man/sensor-validate.1" >example
cp in readings
is 'the manual counts suspect values by sensor' \
	"$(SENSORPIPE_SCHEMAS=schemas bash example 2>/dev/null | xargs)" '4 t s'

# ---- the details of failures ----

schema '"a": {"x-spike": {"fail": 5}}, "b": {"x-rate-of-change": {"fail": 0.5}},
	"c": {"x-flat-line": {"fail": 60, "tolerance": 0.1}}' '"x-duplicates": "reject", "x-out-of-order": "reject"'
printf '%s\n' '0 a=1|b=1|c=1' '10 a=1|b=2|c=1.1' '20 a=6.5|b=2|c=2' '20 a=1|b=9|c=2' '30 a=1|b=2|c=3' '30 a=1|b=2|c=3' \
	'29 a=1|b=2|c=3' '90 a=1|b=3|c=3' | readings >in
sensor-validate --schemas schemas --quiet --reject dead2 <in >out
is 'tell what was measured' "$(cut -f4,5 dead2)" "$(printf '%s\t%s\n' \
	spike 'a 6.5 is 5.5 off the median of the last three values, over x-spike fail 5' \
	rate-of-change 'b 9 is a change by 0.7 a second, over x-rate-of-change fail 0.5' \
	duplicate 'time 2026-10-02T00:00:30.000000Z is that of the newest reading of this sensor' \
	out-of-order 'time 2026-10-02T00:00:29.000000Z is before that of the newest reading of this sensor, 2026-10-02T00:00:30.000000Z' \
	flat-line 'c 3 ends 60 s within a tolerance of 0.1, x-flat-line fail 60')"

# A reading that fails for one metric leaves nothing of the others, nor its time.
schema '"a": {"x-rate-of-change": {"suspect": 1}}, "b": {"maximum": 5, "x-gross-range": {"fail": [0, 3]}}' \
	'"x-out-of-order": "reject"'
printf '%s\n' '0 a=1|b=1' '20 a=50|b=4' '21 a=50|b=9' '10 a=2|b=1' '11 a=3|b=1' | readings >in
is 'what is rejected is not remembered' "$(flags <in | xargs)" \
	'a=1|b=1 gross-range maximum a=2|b=1 a=3|b=1'

# ---- order ----

schema '"a": {"x-rate-of-change": {"suspect": 1}}' '"additionalProperties": {"x-spike": {"suspect": 1}}'
printf '%s\n' '10 a=1' '20 a=5' '15 a=90' '5 a=-90' '20 a=70' '21 a=5' '22 x=1' '23 y=9' '24 x=1' '25 y=9' '26 x=9' '27 y=9' |
	readings >in
is 'late and equal times are not compared, and other metrics are other series' "$(flags <in | xargs)" \
	'a=1 a=5 a=90 a=-90 a=70 a=5 x=1 y=9 x=1 y=9 x=9;3 y=9'

schema '"a": {}' '"x-max-age": {"suspect": 60, "fail": 600}, "x-max-future": {"suspect": 10}'
printf '%s\n' '1000 a=1|b=1' '1000 a=2' '1000 a=3' '1000 a=4|b=1' '1000 a=5' '1000 a=6' | readings |
	awk -F'\t' -v OFS='\t' 'BEGIN { split("15:40 15:39 06:40 06:39 16:50 16:51", at, " ") }
		{ $4 = "2026-10-02T00:" at[NR] ".000000Z" } 1' >in
is 'late and early times become suspect' "$(flags --metrics m <in | xargs)" \
	'a=1|b=1 a=2;3 a=3;3 too-old a=5 a=6;3'
is 'and are counted' "$(grep -E '^[^#]*(late|early)_total' m | xargs)" \
	'sensorpipe_validate_late_total 2 sensorpipe_validate_early_total 1'

schema '' '"x-time-gap": 60'
printf '%s\n' '0 a=1' '60 a=1' '120.5 a=1' '100 a=1' '120.5 a=1' '500 a=1' | readings >in
check 'gaps and order' sensor-validate --schemas schemas --metrics m <in
is 'pass as they are' "$(cat out)" "$(cat in)"
is 'and are counted ' "$(grep -E '^[^#]*(gaps|duplicates|out_of_order)_total' m | cut -d_ -f3- | xargs)" \
	'duplicates_total 1 out_of_order_total 1 gaps_total 2'

# ---- counters ----

schema '"a": {"x-spike": {"suspect": 1, "fail": 5}, "x-flat-line": {"suspect": 10}}'
printf '%s\n' '0 a=1' '1 a=1.5' '2 a=9' '3 a=3' '4 a=3' | readings >in
sensor-validate --schemas schemas --quiet --metrics m --reject dead3 <in >out
is 'flags are counted by check' "$(grep -E '^[^#]*flags_total.*(spike|flat)' m | sed 's/.*check=//')" \
	'"spike",flag="good"} 1
"spike",flag="not-evaluated"} 2
"spike",flag="suspect"} 1
"spike",flag="fail"} 1
"flat-line",flag="good"} 3
"flat-line",flag="not-evaluated"} 1
"flat-line",flag="suspect"} 0
"flat-line",flag="fail"} 0'
is 'and the reading by its code' "$(grep 'code="spike"' m)" 'sensorpipe_validate_failed_total{code="spike"} 1'

# ---- what cannot be meant ----

schema '"a": {"x-gross-range": {"suspect": [0, 9], "fail": [1, 9]}, "x-spike": {"suspect": 5, "fail": 5}},
	"b": {"x-rate-of-change": {"suspect": 2, "fail": 1}, "x-flat-line": {"suspect": 9, "fail": 8}},
	"c": {"type": "string", "x-gross-range": {"suspect": [0, 9], "fail": [0, 10]}},
	"d": {"x-spike": {"suspect": 5}, "x-rate-of-change": {"fail": 5}, "x-flat-line": {"suspect": 1}}' \
	'"x-out-of-order": "reject", "x-max-age": {"suspect": 9, "fail": 9}'
check '--lint takes it' sensor-validate --lint schemas
is 'and warns' "$(grep -o '#/.*' err | sort)" "$(sort <<'END'
#/properties/a/x-gross-range: warning: nothing is suspect: it fails before
#/properties/a/x-spike: warning: nothing is suspect: it fails before
#/properties/b/x-flat-line: warning: nothing is suspect: it fails before
#/properties/b/x-rate-of-change: warning: nothing is suspect: it fails before
#/properties/c/type: warning: takes no number: the keywords for numbers have no effect
#/x-max-age: warning: nothing is suspect: it fails before
#/x-out-of-order: warning: without x-max-future, one time that is far ahead makes a sensor's readings be rejected until then
END
)"

# ---- the same at any time, and in parts ----

schema '"a": {"x-spike": {"suspect": 6}, "x-rate-of-change": {"suspect": 2, "fail": 3},
	"x-flat-line": {"tolerance": 1, "suspect": 3}}' '"x-time-gap": 15, "x-out-of-order": "suspect"'
awk 'BEGIN { srand(7); for (i = 0; i < 5000; i++)
	printf "%d a=%.1f\n", i - (rand() < 0.05) * int(20 * rand()) + (i % 500 > 480) * 30, 10 * rand() * (rand() < 0.7) }' |
	readings | awk -F'\t' -v OFS='\t' '{ $6 = "s" NR % 3 } 1' >in
flags <in >whole
for flag in 'a=[0-9.]*;3' 'a=[0-9.]*' rate-of-change; do
	check "a mixed stream has some: $flag" grep -q "^$flag\$" whole
done
{
	head -n 2500 in
	sleep 1
	tail -n 2500 in
} | flags >again
check 'a replay gives the same flags, however fast it is' cmp whole again
for part in 1 2 3 4 5; do
	sed -n "$((part * 1000 - 999)),$((part * 1000))p" in | flags --state state
done >parts
check 'a restart with --state goes on' cmp whole parts
rm state
head -n 1000 in | flags --state state >/dev/null
sed -n '1001,2000p' in | flags >parts
like 'without it, it begins anew' "$(cmp parts <(sed -n '1001,2000p' whole) 2>&1)" differ
is 'nobody else may read it' "$(stat -c %a state)" 600
is 'nothing is left beside it' "$(echo state*)" state

# ---- a state that cannot be used ----

cp state kept
printf 'x' | dd of=state bs=1 seek=100 conv=notrunc 2>/dev/null
fails 'a damaged state' 65 sensor-validate --schemas schemas --state state <in
like 'is refused with the way out' "$(cat err)" "'state' is damaged, .*: remove it"
is 'and nothing is written' "$(cat out)" ''
echo 'sensor-validate state 2' >state
fails 'a state of another version' 65 sensor-validate --schemas schemas --state state <in
fails 'a state where none can be written' 73 sensor-validate --schemas schemas --state none/state <in
fails 'a directory' 74 sensor-validate --schemas schemas --state schemas <in
fails '--state is for readings' 64 sensor-validate --infer --state state <in
fails 'too few series for one reading' 64 sensor-validate --max-series 1000 <in

# ---- bounds ----

schema '"a": {"x-rate-of-change": {"suspect": 1}}'
# each FROM TO SECONDS: a reading of each of the sensors, which changes by 10 a second.
each() {
	awk -v from="$1" -v to="$2" -v s="$3" 'BEGIN { at = "2026-10-02T00:00:0" s "Z"
		for (i = from; i <= to; i++) printf "r1\t0\t%s\t%s\tt\ts%d\t1\ta=%d\n", at, at, i, 10 * s }'
}
{
	each 1 2000 0
	each 1000 2000 1
	each 1 999 2
} >in
sensor-validate --schemas schemas --quiet --max-series 1001 --metrics m <in >out
is 'those used last are known' "$(grep -c ';3' out)" 1001
is 'the others made room' "$(grep -E '^[^#]*(series|evicted_total) ' m | cut -d_ -f3- | xargs)" \
	'series 1001 evicted_total 1998'

# Made-up names: memory stays where --max-series has it.
cat >names <<'END'
awk -v count="$1" 'BEGIN { for (i = 0; i < count; i++)
	printf "r1\t0\t2026-10-02T00:00:00Z\t2026-10-02T00:00:00Z\tt\t%0200d\t1\ta=1\n", i }' |
	sensor-validate --schemas schemas --quiet --max-series 10000 --state bounded >/dev/null
END
if nm "$BIN/sensor-validate" | grep -q __asan_init; then
	skip 'a million names in 6 MB' 'the sanitizers need memory of their own'
	check 'a hundred thousand names' bash names 100000
else
	check 'a million names in 6 MB' bash -c 'ulimit -d 6144 && . ./names' names 1000000
	check 'a hundred thousand names' bash names 100000
fi
is 'of which the last are kept' "$(stat -c %s bounded)" $((24 + 32 + 10000 * 72))
finish
