# Every filter alone, beside cat and what one would write in its place: messages with 1 KB of JSON (40 numbers), and
# the readings they become.
filters_messages=$(scaled 400000)
filters_dump=$work/filters.dump filters_payloads=$work/filters.payloads filters_readings=$work/filters.readings
filters_spool=$work/filters.spool
helper=${BIN%/bin}/tests/helper

# 40 members named by position, values with two decimals: no two messages alike.
filters_make() {
	awk -v n="$filters_messages" 'BEGIN {
		srand(1)
		for (i = 0; i < n; i++) {
			printf "m1\t0\t2026-01-01T00:%02d:%02d.%06dZ\tsensors/wide/w%04d\tq1\tapplication/json\tschema=1\t{",
			       int(i / 60000) % 60, int(i / 1000) % 60, i % 1000, i % 1000
			for (k = 0; k < 40; k++)
				printf "%s\"channel_%02d\":%.2f", k ? "," : "", k, 20 + 400 * rand() * (k + 1)
			print "}"
		}
	}'
}

decode() { sensor-decode --quiet <"$filters_dump" >/dev/null; }
decode_cat() { cat "$filters_dump" | cat >/dev/null; }
decode_cjson() { "$helper/cjson-loop" <"$filters_payloads" >/dev/null; }
decode_jq() { jq -c . <"$filters_payloads" >/dev/null; }
decode_mlr() { mlr --ijsonl --ocsvlite cat <"$filters_payloads" >/dev/null; }
describe decode sensor-decode
describe decode_cat 'cat | cat'
describe decode_cjson 'a loop of getline and cJSON'
describe decode_jq 'jq -c .'
describe decode_mlr 'mlr --ijsonl --ocsvlite cat'

# What the schema asks for, by hand: every channel is a number within its limits.
validate() { sensor-validate --quiet --schemas "$work/filters.schemas" <"$filters_readings" >/dev/null; }
validate_cat() { cat "$filters_readings" | cat >/dev/null; }
validate_awk() {
	awk -F'\t' '{
		for (i = 8; i <= NF; i++) {
			value = substr($i, index($i, "=") + 1)
			if (value !~ /^-?[0-9.]+$/ || value + 0 < 0 || value + 0 > 20000)
				next
		}
		print
	}' "$filters_readings" | tail -n 1 | cmp -s - <(tail -n 1 "$filters_readings")
}
describe validate sensor-validate
describe validate_cat 'cat | cat'
describe validate_awk 'awk, the same limits'

replay_dump() { mqtt-replay --quiet "$filters_dump" >/dev/null; }
replay_spool() { mqtt-replay --quiet "$filters_spool" >/dev/null; }
describe replay_dump 'mqtt-replay of the dump'
describe replay_spool 'mqtt-replay of a spool'

filters_make >"$filters_dump"
cut -f 8 "$filters_dump" >"$filters_payloads"
sensor-decode --quiet <"$filters_dump" >"$filters_readings"
mkdir -p "$work/filters.schemas/wide"
jq -n '{type: "object", additionalProperties: false,
	properties: ([range(40) | {("channel_" + (if . < 10 then "0" else "" end) + tostring): {type: "number", minimum: 0, maximum: 20000}}] | add)}' \
	>"$work/filters.schemas/wide/1.json"
"$helper/spool-writer" "$filters_spool" <"$filters_dump" >/dev/null

versus decode 'messages of 1 KB JSON' messages "$filters_messages" decode_cjson decode decode_jq decode_mlr decode_cat
versus validate 'readings of 40 metrics' readings "$filters_messages" decode validate validate_awk validate_cat
versus replay 'messages of 1 KB JSON' MB "$(($(stat -c %s "$filters_dump") / 1000000))" decode_cat replay_dump replay_spool
rm -rf "$filters_dump" "$filters_payloads" "$filters_readings" "$filters_spool"
