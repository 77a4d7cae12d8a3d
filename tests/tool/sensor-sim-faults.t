#!/bin/bash
# What sensor-sim calls valid passes the chain, and each kind of error is refused for its own reason.
. "${0%/*}/../lib/tap.sh"

# codes FORMAT KIND: the dead letter codes of messages that all have this fault; "passed" for one that got through.
codes() {
	rm -f rejects.x1
	sensor-sim --quiet --count 60 --errors 100 --faults "$2" --format "$1" |
		sensor-decode --quiet --reject rejects.x1 |
		sensor-validate --quiet --reject rejects.x1 | sed -n 's/^r1.*/passed/p' >passed
	cut -f4 rejects.x1 | cat - passed | sort | uniq -c | xargs
}

while read -r kind json protobuf; do
	is "$kind, JSON" "$(codes json "$kind")" "60 $json"
	is "$kind, Protobuf" "$(codes protobuf "$kind")" "60 ${protobuf:-$json}"
	echo "$kind" >>kinds
done <<'END'
cut-payload bad-json bad-protobuf
empty-payload bad-json no-metrics
wrong-value-type type
out-of-range minimum
infinite-value number-range
missing-metric required
duplicate-metric duplicate-name
unknown-metric additional-properties
bad-utf8 bad-json bad-protobuf
future-time too-future
unknown-type unknown-type
short-topic no-identity
unknown-schema unknown-schema
duplicate-property duplicate-property
no-content-type no-content-type
foreign-content-type content-type
swapped-content-type unknown-field bad-json
END
is "no kind is left out" "$(sensor-sim --faults help)" "$(cat kinds)"

# passes OPTION...: all messages are valid readings in the end.
passes() {
	[ "$(sensor-sim --quiet --count 3000 "$@" | sensor-decode --quiet | sensor-validate --quiet | grep -c '^r1')" = 3000 ]
}
for format in json protobuf; do
	check "valid messages pass, $format" passes --format $format
	check "padded ones too, $format" passes --format $format --payload-bytes 4096
	check "a year by the simulated clock, $format" passes --format $format --start 2025-01-01T00:00:00Z \
		--sensors 6 --interval 63072
done

sensor-sim --count 5000 --errors 2.5 --format mixed 2>sim.err | sensor-decode --quiet --reject rejects2.x1 |
	sensor-validate --quiet --reject rejects2.x1 | grep '^r1' >readings.r1
is "among others, exactly the errors are refused" \
	"sensor-sim: messages 5000, valid $(wc -l <readings.r1), errors $(wc -l <rejects2.x1)" "$(cat sim.err)"
finish
