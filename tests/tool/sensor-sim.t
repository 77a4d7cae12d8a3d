#!/bin/bash
# sensor-sim: its records, its determinism, its pace, its end, its options.
. "${0%/*}/../lib/tap.sh"

start=2026-01-01T00:00:00Z

sensor-sim --quiet --count 1000 --start $start >fleet.m1
is "as many lines as asked for" "$(wc -l <fleet.m1)" 1000
is "the first record" "$(head -n 1 fleet.m1 | cut -f1-7)" \
	"$(printf 'm1\t0\t2026-01-01T00:00:00.000000Z\tsensors/climate/sim-000000\tq1\tapplication/json\tschema=1&source=sim')"
is "100 sensors" "$(cut -f4 fleet.m1 | sort -u | wc -l)" 100
is "of six types" "$(cut -f4 fleet.m1 | cut -d/ -f2 | sort -u | xargs)" \
	"climate door gps level power vibration"
is "payloads are JSON objects" "$(cut -f8 fleet.m1 | jq -c type | sort | uniq -c | xargs)" "1000 object"
is "the device's time is that of arrival" \
	"$(cut -f8 fleet.m1 | jq '.ts / 1000' | sed -n 501p)" "$(date -d "$(sed -n 501p fleet.m1 | cut -f3)" +%s)"
is "a sensor's messages are 10 s apart" "$(grep -F 'climate/sim-000000' fleet.m1 | head -n 3 | cut -f3 | xargs)" \
	"2026-01-01T00:00:00.000000Z 2026-01-01T00:00:10.000000Z 2026-01-01T00:00:20.000000Z"

# Determinism.
check "same seed, same bytes" cmp fleet.m1 <(sensor-sim --quiet --count 1000 --start $start)
fails "another seed, other bytes" 1 cmp fleet.m1 <(sensor-sim --quiet --count 1000 --start $start --seed 2)
sensor-sim --count 1000 --start $start --errors 10 >spoilt.m1 2>summary
same=$(diff --unchanged-line-format=1 --old-line-format= --new-line-format= fleet.m1 spoilt.m1 | wc -c)
is "errors leave the other messages as they are" "valid $same" "$(grep -oE 'valid [0-9]+' summary)"
like "about as many errors as asked for" "$(cat summary)" '^sensor-sim: messages 1000, valid [0-9]+, errors (7|8|9|10|11|12|13)[0-9]$'
is "all messages can be errors" "$(sensor-sim --count 50 --errors 100 2>&1 >/dev/null)" \
	"sensor-sim: messages 50, valid 0, errors 50"
is "formats carry the same values" \
	"$(sensor-sim --quiet --count 50 --start $start --format mixed | grep -F application/json)" \
	"$(sensor-sim --quiet --count 50 --start $start | awk -F'[\t-]' 'int(substr($0, index($0, "sim-") + 4, 6) / 6) % 2 == 0')"

# Sizes, types, quality of service.
is "payloads are padded" "$(sensor-sim --quiet --count 100 --payload-bytes 1K | cut -f8 | awk '{ print length }' | sort -u)" 1024
is "a type alone" "$(sensor-sim --quiet --count 9 --types door | cut -f4 | cut -d/ -f2 | sort -u)" door
is "twice the sensors of a type listed twice" \
	"$(sensor-sim --quiet --count 90 --sensors 90 --types door,gps,door | cut -f4 | cut -d/ -f2 | sort | uniq -c | xargs)" "60 door 30 gps"
is "quality of service" "$(sensor-sim --quiet --count 9 --qos 2 | cut -f5 | sort -u)" q2

# By the real clock.
before=$(date -u +%Y-%m-%dT%H:%M:%S)
times=$(sensor-sim --quiet --count 2000 --sensors 1 | cut -f3)
is "times of one sensor are unique and in order" "$(sort -u <<<"$times")" "$times"
is "and not in the past" "$(sort <<<"$before
$times" | head -n 1)" "$before"

# Pace: the summary of a paced run that is told to stop adds up with what it wrote.
(exec sensor-sim --rate 200 >paced.m1 2>paced.err) &
pid=$!
check "paced output comes as it is due" wait_for 10 test -s paced.m1
check "and goes on" wait_for 10 eval '[ "$(wc -l <paced.m1)" -gt 20 ]'
kill -TERM $pid
status=0
wait $pid || status=$?
is "SIGTERM: exit status" $status 0
is "SIGTERM: all that was made is written" "sensor-sim: messages $(wc -l <paced.m1), valid $(wc -l <paced.m1), errors 0" "$(cat paced.err)"
is "20 messages at 50 a second take 0.38 s of the clock" \
	"$(sensor-sim --quiet --rate 50 --count 20 | cut -f3 |
		awk -F'[:Z]' '{ t = $2 * 60 + $3 } NR == 1 { first = t } END { d = (t - first + 3600) % 3600; print (d >= 0.379) }')" 1

# Ends.
sensor-sim --quiet 2>err | head -n 1 >/dev/null
is "a broken pipe ends it with 74" "${PIPESTATUS[0]}" 74
fails "a full device" 74 sh -c 'sensor-sim --count 10 >/dev/full'
sensor-sim --count 10 --start 9999-12-31T23:59:59Z --interval 1 --sensors 1 >end.m1 2>err
is "the end of all time" "$(wc -l <end.m1) $(head -n 1 err)" \
	"1 sensor-sim: the simulated clock has come to the end of the year 9999"

# Usage.
is "version" "$(sensor-sim -V)" "sensor-sim 0.1.0"
check "help" sensor-sim --help
is "kinds of faults" "$(sensor-sim --faults help | sort | head -n 2 | xargs)" "bad-utf8 cut-payload"
for bad in "--sensors 0" "--sensors 1000001" "--types kettle" "--types door," "--types ''" "--rate -1" "--rate nan" \
	"--errors 101" "--qos 3" "--start yesterday" "--interval 5" "--faults bad-utf8" "--errors 1 --faults x" \
	"--payload-bytes 5000" "--format xml" "--count" "--nonsense" "file"; do
	eval "fails 'bad usage: $(tr -d "'" <<<"$bad")' 64 sensor-sim $bad"
done
like "the message names the option" "$(sensor-sim --rate -1 2>&1)" "^sensor-sim: --rate '-1': not a number"
finish
