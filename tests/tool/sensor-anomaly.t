#!/bin/bash
# Scores and events of planted anomalies, in tables and in readings; state over restarts; bounds; hostile input.
. "${0%/*}/../lib/tap.sh"

# series N [AWK]: a table of N rows, five minutes apart: noise around 20, changed by AWK, which sets v from i and v.
series() {
	awk -v n="$1" 'BEGIN { srand(11); print "timestamp,value"
		for (i = 0; i < n; i++) {
			v = 20 + rand() + rand() - rand() - rand()
			'"${2:-}"'
			printf "%d,%.10g\n", 1767225600 + 300 * i, v } }'
}
score() { sensor-anomaly --quiet --csv "$@"; }

# readings: of a table on standard input, a message a row.
readings() {
	tail -n +2 | awk -F, -v OFS='\t' '{ t = strftime("%Y-%m-%dT%H:%M:%S.000000Z", $1)
		print "r1", NR, t, t, "climate", "c-1", "1", "temperature=" $2 ";1;Cel", "door=true" }'
}

# kind AWK FROM TO: the kind of the event with the highest score in these rows.
kind() {
	series 3000 "$1" | readings | sensor-anomaly --quiet --events --threshold 0.3 |
		awk -F'\t' -v from="$2" -v to="$3" '$1 == "r1" && $2 - 1 >= from && $2 - 1 <= to {
			split($8, score, "="); split($9, kind, "\"")
			if (score[2] > best) { best = score[2]; name = kind[2] } }
			END { print name }'
}

# ---- kinds ----

is 'a value off the expected is a spike' "$(kind 'if (i % 288 < 40) v += 30; if (i == 2500) v += 15' 2500 2500)" spike
is 'a step is a level shift' "$(kind 'if (i % 50 == 49) v += 12 * (rand() - 0.5); if (i >= 2500) v += 1.6' 2501 2530)" level_shift
is 'a slow rise is a drift' "$(kind 'if (i > 2400) v += (i - 2400) * 0.006' 2441 2700)" drift
is 'larger errors are a variance' "$(kind 'if (i % 20 == 0) v += 20 * (rand() - 0.5); if (i >= 2500 && i < 2560) v = 20 + 8 * (v - 20)' 2501 2560)" variance
is 'the same again and again is a flat line' "$(kind 'if (i > 2500 && i <= 2560) v = 20.3' 2500 2560)" flat_line
is 'what was never seen is a novelty' "$(kind 'v = 20 + 10 * sin(i / 15) + (i > 2445 && i < 2520 ? 12 * sin((i - 2445) / 24) : 0) + 6 * rand()' 2450 2475)" novelty

# ---- a table ----

series 1200 'if (i == 1000) v += 30' >in.csv
score <in.csv >out.csv
is 'the header gets a field' "$(head -n 1 out.csv)" timestamp,value,score
is 'rows are as they came' "$(cut -d, -f1,2 out.csv)" "$(cat in.csv)"
is 'scores are from 0 to below 1, with six decimals' "$(tail -n +2 out.csv | cut -d, -f3 | grep -vcE '^0\.[0-9]{6}$')" 0
is 'the first 200 are 0' "$(sed -n 2,201p out.csv | cut -d, -f3 | sort -u)" 0.000000
is 'the spike has the highest score' "$(sort -t, -k3,3 -gr out.csv | head -n 1 | cut -d, -f1)" $((1767225600 + 300 * 1000))
is 'over the threshold, and nothing else is' "$(awk -F, 'NR > 1 && $3 >= 0.5' out.csv | wc -l)" 1
is 'no header is fine' "$(tail -n +2 in.csv | score)" "$(tail -n +2 out.csv)"
is 'nor is a last line without its end missing' "$(head -c -1 in.csv | score)" "$(cat out.csv)"
is 'CR LF stay' "$(sed 's/$/\r/' in.csv | score)" "$(sed 's/$/\r/' out.csv)"
is 'what follows changes no score' "$(head -n 1002 in.csv | score)" "$(head -n 1002 out.csv)"
is 'times as text give the same' \
	"$(awk -F, 'NR > 1 { print strftime("%Y-%m-%d %H:%M:%S", $1) "," $2 }' in.csv | score | cut -d, -f3)" \
	"$(tail -n +2 out.csv | cut -d, -f3)"
is 'so do milliseconds, and more fields' "$(awk -F, 'NR > 1 { print $1 "000," $2 ",x" }' in.csv | score | cut -d, -f4)" \
	"$(tail -n +2 out.csv | cut -d, -f3)"
is 'a missing value has no score' "$(sed '700s/,.*/,NaN/; 701s/,.*/,/' in.csv | score | sed -n '700p; 701p' | cut -d, -f2,3)" 'NaN,
,'
check 'the summary' sh -c 'sensor-anomaly --csv <in.csv >/dev/null'
is 'adds up' "$(cat err)" 'sensor-anomaly: rows 1200, missing 0, rejected 0; values 1200: scored 1000, learning 200, unscored 0; events 1'

# ---- odd series ----

finite() { tail -n +2 | awk -F, '!($3 ~ /^0\.[0-9]+$/) { bad = 1 } END { exit bad }'; }
check 'a constant series has no event' sh -c 'seq 2000 | sed "s/$/,5/" | sensor-anomaly --csv >/dev/null; ! grep -q "events [1-9]" err'
is 'and none is counted' "$(grep -o 'events.*' err)" 'events 0'
is 'but the first change is one' "$(seq 2000 | sed 's/$/,5/; 1500s/5$/6/' | score | awk -F, '$3 >= 0.5 { print $1 }')" 1500
check 'two values in turn have no event' sh -c 'seq 2000 | awk "{ print \$1 \",\" int(\$1 / 7) % 2 }" | sensor-anomaly --csv >/dev/null; grep "events 0" err'
for value in 1e308 -1e308 5e-324 1e-300 99999999999999999999; do
	series 600 'if (i == 400 || i == 450) v = "'$value'"; if (i == 400 || i == 450) { print 1767225600 + 300 * i "," v; continue }' >huge.csv
	check "$value is survived" sh -c 'sensor-anomaly --quiet --csv <huge.csv >huge.out && [ $(wc -l <huge.out) = 601 ]'
	check "scores around $value are scores" finite <huge.out
done
seq 1 1000 | awk '{ print $1 "," ($1 % 2 ? "1e308" : "-1e308") }' >huge.csv
check 'nothing but huge values' sh -c 'echo t,v | cat - huge.csv | sensor-anomaly --quiet --csv >huge.out'
check 'have scores' finite <huge.out
is 'time that goes back is scored in order' "$(series 1200 'if (i == 500) v += 30' | tail -n +2 | tac | score | awk -F, '$3 >= 0.5' | wc -l)" 1
is 'an empty table is empty' "$(score </dev/null)" ''
fails 'broken rows are dead letters' 65 sh -c 'printf "timestamp,value\n1,2\nx,3\n4,y\n5\n6,1e999\n\n7,8\n" |
	sensor-anomaly --strict --csv --reject dead'
is 'with codes' "$(cut -f4 dead | xargs)" 'bad-time bad-value bad-row bad-value'
is 'that hold the row' "$(cut -f6- dead)" $'x,3\n4,y\n5\n6,1e999'
is 'others go on' "$(cat out)" $'timestamp,value,score\n1,2,0.000000\n\n7,8,0.000000'

# ---- state ----

head -n 800 in.csv | score --state csv.state >first
{ echo timestamp,value && tail -n +801 in.csv; } | score --state csv.state | tail -n +2 >second
is 'a run in two parts gives what one gives' "$(cat first second)" "$(cat out.csv)"
is 'what is known is not scored again' "$(tail -n 3 in.csv | score --state csv.state | cut -d, -f3 | tr '\n' .)" ...
is 'nobody else may read the state' "$(stat -c %a csv.state)" 600
cp csv.state whole.state
printf x | dd of=csv.state bs=1 seek=2000 conv=notrunc status=none
fails 'that of a table is none of readings' 65 sensor-anomaly --state whole.state </dev/null
fails 'a damaged one is refused' 65 sensor-anomaly --csv --state csv.state </dev/null
like 'with a way out' "$(cat err)" "'csv.state' is damaged, or no state of this version of sensor-anomaly: remove it"

readings <in.csv >in
sensor-anomaly --quiet <in >all
mkfifo feed
sensor-anomaly --quiet --state live <feed >part1 &
pid=$!
exec 3>feed
head -n 700 in >&3
wait_for 20 sh -c '[ $(wc -l <part1) = 700 ]'
kill -TERM $pid
exec 3>&-
wait $pid
is 'SIGTERM ends it in order' $? 0
tail -n +701 in | sensor-anomaly --quiet --state live >part2
is 'and the next goes on as if unbroken' "$(cat part1 part2)" "$(cat all)"
rm -f live
head -n 600 in | sensor-anomaly --quiet --state live >part1
sensor-anomaly --quiet --state live <feed >part2 &
pid=$!
exec 3>feed
tail -n +601 in | head -n 100 >&3
wait_for 20 sh -c '[ $(wc -l <part2) = 100 ]'
{ kill -KILL $pid && wait $pid; } 2>/dev/null
exec 3>&-
tail -n +501 in | sensor-anomaly --quiet --state live >part3
is 'after SIGKILL what the last save knows is not scored' "$(head -n 100 part3)" "$(sed -n 501,600p in)"
is 'and the rest is as if unbroken' "$(tail -n +101 part3)" "$(tail -n +601 all)"

# ---- readings ----

is 'a score stands behind its metric' "$(sed -n 900p all | cut -f 8-)" \
	"$(sed -n 900p in | cut -f8)	temperature.anomaly=$(sed -n 901p out.csv | cut -d, -f3)	door=true"
is 'but for that, readings are as they came' "$(sed 's/\ttemperature.anomaly=[0-9.]*//' all)" "$(cat in)"
is 'what was scored is not scored again' "$(sensor-anomaly --quiet <all)" "$(cat all)"
is 'others are not scored' "$(sed 's/temperature=/t=/; s/;1;/;4;/' in | sensor-anomaly --quiet | grep -c anomaly)" 0
is 'nor those left out' "$(sensor-anomaly --quiet --exclude temperature <in | grep -c anomaly)" 0
is 'nor those not asked for' "$(sensor-anomaly --quiet --metric humidity <in | grep -c anomaly)" 0
is 'one that is asked for is' "$(sensor-anomaly --quiet --metric x --metric temperature <in)" "$(cat all)"
is 'repeated readings are not learned' "$(sed p in | sensor-anomaly --quiet | sed -n 'p; n')" "$(cat all)"
early=$'r1\t0\t2026-01-02T00:00:00Z\t2026-01-02T02:00:00Z\tclimate\tc-1\t1\ttemperature=20'
is 'one from the future is passed on' "$(sensor-anomaly --quiet <<<"$early")" "$early"

sensor-anomaly --quiet --events <in >events
is 'an event is a reading' "$(grep ^r1 events | sed 's/score=[0-9.]*/score=S/; s/expected=[0-9.]*;/expected=E;/')" \
	"$(sed -n 1001p in | cut -f1-4)	anomaly	c-1	1	temperature.score=S	temperature.kind=\"spike\"	$(sed -n 1001p in |
		cut -f8 | sed 's/=/.value=/')	temperature.expected=E;1;Cel	temperature.onset=\"$(sed -n 1001p in | cut -f4)\""
is 'every message is accounted for' "$(cut -f2 events)" "$(cut -f2 in)"
is 'by skip records' "$(grep -v ^r1 events | cut -f1,4 | sort -u)" $'s1\tno-event'
check 'the shipped schema takes events' sensor-validate --strict --quiet --schemas "$root/pipelines/schemas" <events
is 'as they are' "$(cat out)" "$(cat events)"

# Messages of two readings of two metrics each: + until the last.
awk -F'\t' -v OFS='\t' '{ sub(/;1;Cel/, ""); m = $8; $9 = "b" substr(m, 12); $2 = $2 "+"; print; $2 = NR; $6 = "c-2"
	$8 = "u=1"; $9 = "v=2"; print }' in | sensor-anomaly --quiet --events >events
is 'events of one reading' "$(grep ^r1 events | cut -f2,6,8 | sed 's/=.*//')" $'1001+\tc-1\ttemperature.score\n1001+\tc-1\tb.score'
is 'are completed by a skip record' "$(grep -c ^s1 events)" 1200

# ---- bounds ----

awk 'BEGIN { for (n = 0; n < 3; n++) for (i = 0; i < 1500; i++) {
	t = sprintf("2026-01-01T00:00:%02d.%06dZ", n, i); print "r1\t0\t" t "\t" t "\tt\ts" i "\t\tm=" n } }' >many
sensor-anomaly --max-series 1001 --metrics m.prom <many >/dev/null 2>err
is 'the least recently used make room' "$(awk '/^sensorpipe_anomaly_(series|evicted_total)/ { print $2 }' m.prom | xargs)" '1001 3499'
check 'counters add up' awk '/^sensorpipe_anomaly_/ { sub(/sensorpipe_anomaly_/, "", $1); v[$1] = $2 }
	END { exit !(v["records_total"] == 4500 && v["readings_total"] == 4500 &&
		v["values_total"] == v["scored_total"] + v["learning_total"] + v["unscored_total"]) }' m.prom
awk 'BEGIN { printf "r1\t1\t2026-01-01T00:00:00Z\t2026-01-01T00:00:00Z\tt\ts\t"
	for (i = 0; i < 1000; i++) printf "\tm%d=%d", i, i; print "" }' >wide
is 'a reading has at most 1000 metrics' "$(sensor-anomaly --quiet <wide | awk -F'\t' '{ print NF - 7 }')" 1000
name=$(printf 'n%.0s' $(seq 247))
is 'a name that is too long for a score has none' "$(sed "s/m0=/$name=/; s/\tm1=.*//" wide | sensor-anomaly --quiet | grep -c anomaly)" 0
printf 'r1\tx\nm1\tx\nhello\n' | cat wide - | sensor-anomaly --quiet --reject dead2 >/dev/null
is 'broken records are dead letters' "$(cut -f4 dead2 | xargs)" 'malformed wrong-kind not-a-record'
fails 'messages belong elsewhere' 65 sensor-anomaly <<<$'m1\t0'
for option in '--csv --events' '--csv --metric a' '--threshold 2' '--metric a=b' '--max-series 10' extra; do
	fails "bad usage: $option" 64 sensor-anomaly $option
done

# most TABLE: the most memory a run takes, in KiB.
most() { command time -f %M -o memory sensor-anomaly --quiet --csv <"$1" >/dev/null && cat memory; }
if command -v time >/dev/null && command time -f %M true 2>/dev/null && ! ldd "$(command -v sensor-anomaly)" | grep -q asan; then
	series 100000 >large.csv
	for i in 1 2 3 4 5 6 7 8 9 10; do tail -n +2 large.csv; done >larger.csv
	check 'memory does not grow with the series' test $(($(most larger.csv) - $(most large.csv))) -lt 500
else
	skip 'memory does not grow with the series' 'no time(1), or a sanitizer'
fi

# ---- the manual ----

sed -n '/^awk .BEGIN { srand(7)/,/. scores.csv$/p' "$root/man/sensor-anomaly.1" | sed 's/\\e/\\/g' >example
is 'the worked example runs' "$(bash -e example 2>/dev/null | awk -F, 'NR == 1 { print $2 } END { print $2 }' | cut -d. -f1 | xargs)" '33 18'
cp in readings
sed -n '/^sensor-anomaly --events --threshold/,/sort -rn$/p' "$root/man/sensor-anomaly.1" | sed 's/0.4/0.5/' >example
is 'kinds are counted' "$(bash -e example 2>/dev/null | xargs)" '1 kind=spike'
# ---- the picture of the README ----
if command -v gnuplot >/dev/null; then
	check "a picture is drawn" eval '"$root/pipelines/plots/anomaly" >picture'
	is "it is a PNG" "$(head -c 4 picture | tail -c 3)" PNG
	is "without a word" "$(cat err)" ""
else
	skip "the picture" "gnuplot is not installed"
fi
finish
