#!/bin/bash
# Garbage into the filters: a clear error or a dead letter with a code; never a crash, never a stall, and
# the sound record after the garbage passes.
. "${0%/*}/../lib/tap.sh"

now=$(date -u +%Y-%m-%dT%H:%M:%S.000000Z)
tab=$(printf '\t')

# message PAYLOAD [CONTENT-TYPE]: an m1 record; the payload is text as it stands in a record.
message() {
	printf 'm1\t5\t%s\tsensors/climate/c-1\tq1\t%s\t\t%s\n' "$now" "${2-application/json}" "$1"
}
# reading METRICS: an r1 record.
reading() {
	printf 'r1\t5\t%s\t%s\tclimate\tc-1\t1\t%s\n' "$now" "$now" "$1"
}
good_message=$(message '{"temperature":21.5}')
good_reading=$(reading temperature=21.5)

# decode NAME CODE: the line on standard input is refused with that code, a sound one after it passes.
decode() {
	{ cat; echo "$good_message"; } >in
	rm -f rejects
	check "decode: $1 does not stop it" eval 'timeout 60 sensor-decode --quiet --reject rejects <in >passed'
	is "decode: $1 is refused as $2" "$(cut -f3,4 rejects | head -c 200)" "sensor-decode$tab$2"
	is "decode: the sound message passes" "$(grep -c '^r1' passed)" 1
}
validate() {
	{ cat; echo "$good_reading"; } >in
	rm -f rejects
	check "validate: $1 does not stop it" eval 'timeout 60 sensor-validate --quiet --reject rejects <in >passed'
	is "validate: $1 is refused as $2" "$(cut -f3,4 rejects | head -c 200)" "sensor-validate$tab$2"
	is "validate: the sound reading passes" "$(grep '^r1' passed)" "$good_reading"
}

# big BYTE: a line of 100 MB of it. times N TEXT: the text so many times.
big() {
	head -c 100000000 /dev/zero | tr '\0' "$1"
	echo
}
times() {
	yes "$2" | head -n "$1" | tr -d '\n'
}

decode "a line cut off in the middle" malformed < <(printf 'm1\t5\tgarbage\n')
decode "a NUL" malformed < <(printf 'm1\t5\t%s\ta\0b\tq1\t\t\t{}\n' "$now")
decode "invalid UTF-8" malformed < <(printf 'm1\t5\t%s\ta\xff\tq1\t\t\t{}\n' "$now")
decode "a line that is no record" not-a-record <<<hello
decode "a line of 100 MB" too-long < <(big x)
decode "a JSON line of 100 MB" too-long < <(big '{')
decode "100,000 open brackets" bad-json < <(message "$(times 100000 '[')")
decode "20,000 open braces" bad-json < <(message "$(times 20000 '{"a":')1")
decode "100,000 brackets" unsupported-shape < <(message "$(times 100000 '[')$(times 100000 ']')")
decode "20,000 braces" too-deep < <(message "$(times 20000 '{"a":')1$(times 20000 '}')")
decode "20,000 braces in an array" unsupported-shape \
	< <(message "{\"a\":[$(times 20000 '{"a":')1$(times 20000 '}')]}")
decode "50,000 metrics" too-many-metrics < <(message "{$(seq -s, -f '"m%.0f":1' 50000)}")
decode "1e999" number-range < <(message '{"temperature":1e999}')
decode "the year 99999" bad-time < <(message '{"ts":"99999-01-01T00:00:00Z","temperature":1}')
decode "a time of 1e300 ms" bad-time < <(message '{"ts":1e300,"temperature":1}')
decode "a duplicate name" duplicate-name < <(message '{"temperature":1,"temperature":2}')
decode "a NUL in a name" nul < <(message '{"a\\u0000b":1}')
decode "a NUL in a value" nul < <(message '{"temperature":"\\u0000"}')
decode "a leading zero" bad-json < <(message '{"temperature":01}')
decode "a NUL after the value" bad-json < <(message '{"temperature":1}\x00')
decode "a byte order mark" bad-json < <(message '\xef\xbb\xbf{"temperature":1}')
decode "no payload" bad-json < <(message '')
decode "Protobuf garbage" bad-protobuf < <(message '\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff' application/protobuf)
decode "a content type nobody knows" content-type < <(message '{}' text/html)
decode "no content type" no-content-type < <(message '{}' '')
decode "no metric" no-metrics < <(message '{}')

validate "a line cut off in the middle" malformed < <(printf 'r1\t5\tgarbage\n')
validate "an unknown escape" malformed < <(reading 'temperature=1\q')
validate "a NUL" malformed < <(printf 'r1\t5\t%s\t%s\tclimate\tc\0-1\t1\ttemperature=1\n' "$now" "$now")
validate "a line that is no record" not-a-record <<<hello
validate "a line of 100 MB" too-long < <(big x)
validate "10,000 metrics" malformed < <(reading "$(seq -s "$tab" -f 'm%.0f=1' 10000)")
validate "1e999" malformed < <(reading 'temperature=1e999')
validate "NaN" malformed < <(reading 'temperature=NaN')
validate "the year 99999" malformed < <(printf 'r1\t5\t%s\t99999-01-01T00:00:00Z\tclimate\tc-1\t1\ttemperature=1\n' "$now")
validate "a type that is a path" unknown-type < <(printf 'r1\t5\t%s\t%s\t../../etc\tc-1\tpasswd\ttemperature=1\n' "$now" "$now")
validate "a version that is a path" unknown-schema < <(printf 'r1\t5\t%s\t%s\tclimate\tc-1\t../1\ttemperature=1\n' "$now" "$now")

# What is no line at all.
printf '%s\n%s' "$good_message" "${good_message:0:40}" >in
fails "decode: an unfinished last line is an error" 65 eval 'sensor-decode --reject rejects <in'
like "decode: and is kept" "$(tail -n 1 rejects)" "${tab}truncated${tab}"
is "decode: and is not data" "$(grep -c '^r1' out)" 1
printf '%s\n%s' "$good_reading" "${good_reading:0:40}" >in
fails "validate: an unfinished last line is an error" 65 eval 'sensor-validate --reject rejects <in'

# A chain put together wrongly says which stage is missing.
fails "decode: readings are refused at once" 65 eval 'sensor-decode <<<"$good_reading"'
like "decode: with the way out" "$(cat err)" 'decoded already'
fails "validate: messages are refused at once" 65 eval 'sensor-validate <<<"$good_message"'
like "validate: with the way out" "$(cat err)" 'sensor-decode'
printf 'x1\t%s\tt\tc\td\t%s\n' "$now" "$good_message" >in
fails "decode: a dead letter is refused at once" 65 eval 'sensor-decode <in'
like "decode: with the way out" "$(cat err)" 'cut -f6-'

# Nobody reads, or nothing can be written.
for tool in sensor-decode sensor-validate; do
	line=$good_message
	[ $tool = sensor-decode ] || line=$good_reading
	yes "$line" | head -n 200000 >in
	{ $tool <in 2>/dev/null; echo $? >status; } | head -n 1 >/dev/null
	is "$tool: a closed output ends it with 74" "$(cat status)" 74
	fails "$tool: a full disk ends it with 74" 74 eval "$tool <in >/dev/full"
	like "$tool: and says so" "$(cat err)" 'stdout: No space left on device'
	fails "$tool: a directory as input ends it with 74" 74 eval "$tool < /"
	fails "$tool: so does an input that is closed" 74 timeout 20 "$tool" <&-
	fails "$tool: and an output that is" 74 eval "$tool <in >&-"
	fails "$tool: a reject file that cannot be made" 73 eval "$tool --reject /nowhere/x <in"
	fails "$tool: an unknown option" 64 "$tool" --no-such-option
done
finish
