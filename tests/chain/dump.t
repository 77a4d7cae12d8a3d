#!/bin/bash
# A dump through the whole chain: the counts of every tool add up, the same dump again stores nothing,
# and a dump that mosquitto_sub took of the same messages gives the same rows.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
cleanup() { services_end; }
services_begin "$work/services"
start_postgres fsync=off && start_broker || { flunk "services start"; finish; }
tsdb-admin init >"$work/out" 2>&1 || { flunk "tsdb-admin init" "$(cat "$work/out")"; finish; }

count=${COUNT:-100000}

# number TEXT NAME: the number that follows NAME in a summary line.
number() {
	sed -nE "s/.*\\b$2 ([0-9]+).*/\\1/p" <<<"$1" | tail -n 1
}

# chain NAME: standard input through the chain; summaries in NAME.*, dead letters in NAME.*.x1.
chain() {
	sensor-decode --reject "$1.decode.x1" 2>"$1.decode" |
		sensor-validate --reject "$1.validate.x1" 2>"$1.validate" |
		tsdb-copy --reject "$1.copy.x1" 2>"$1.copy"
}

set -o pipefail
check "a dump goes through the chain" eval \
	'sensor-sim --count $count --errors 2 --seed 7 2>sim | tee dump | chain first'
sim=$(cat sim) decode=$(cat first.decode) validate=$(cat first.validate) copy=$(cat first.copy)
like "the simulator made errors" "$sim" 'errors [1-9]'
is "every message was made" "$(wc -l <dump)" "$count"

is "decode saw every message" "$(number "$decode" messages)" "$count"
decoded=$(($(number "$decode" messages) - $(number "$decode" skipped)))
is "decode: messages = readings + skipped" "$(number "$decode" readings)" "$decoded"
is "decode: a dead letter for each skipped" "$(wc -l <first.decode.x1)" "$(number "$decode" skipped)"
is "validate saw every record" "$(number "$validate" records)" "$count"
is "validate: records = valid + skips + rejected" "$(number "$validate" records)" \
	"$(($(number "$validate" valid) + $(number "$validate" skips) + $(number "$validate" rejected)))"
is "validate: a dead letter for each rejected" "$(wc -l <first.validate.x1)" "$(number "$validate" rejected)"
is "copy received a record for every message" "$(number "$copy" received)" "$count"
is "copy: received = stored + duplicates + rejected + skipped" "$(number "$copy" received)" \
	"$(($(number "$copy" stored) + $(number "$copy" duplicates) + $(number "$copy" rejected) + $(number "$copy" skipped)))"
is "copy skipped what was rejected before" "$(number "$copy" skipped)" \
	"$(($(wc -l <first.decode.x1) + $(wc -l <first.validate.x1)))"
is "what the simulator broke was refused, nothing else" "$(number "$copy" skipped)" "$(number "$sim" errors)"
is "what it made well was stored" "$(number "$copy" stored)" "$(number "$sim" valid)"
is "rows = values in the tables" "$(number "$copy" rows)" \
	"$(psql -qAtXc 'SELECT (SELECT count(*) FROM sensor_readings) + (SELECT count(*) FROM sensor_texts)')"

check "the same dump again" eval 'chain second <dump'
copy=$(cat second.copy)
is "stores nothing" "$(number "$copy" stored)" 0
is "and all are duplicates" "$(number "$copy" duplicates)" "$(number "$sim" valid)"

# The same messages through a broker, dumped by mosquitto's own client.
rows="SELECT time, type, sensor, metric, value FROM readings ORDER BY 1, 2, 3, 4"
# (Of the last hour: what arrives a week after it was measured is refused as too old.)
sensor-sim --count 2000 --seed 8 --start "$(date -u -d '1 hour ago' +%FT%TZ)" --format json >clean 2>"$work/err"
mosquitto_sub -p "$MQTT_PORT" -V 5 -q 1 -t 'sensors/#' -F %J -C 2000 -W 60 >json &
subscriber=$!
wait_for 10 grep -q 'sensors/#' "$work/services/mosquitto.log" || sleep 1
check "mqtt-pub5 publishes the dump" mqtt-pub5 -h 127.0.0.1 -p "$MQTT_PORT" <clean
wait "$subscriber"
is "mosquitto_sub dumped every message" "$(wc -l <json)" 2000
psql -qXc 'TRUNCATE sensor_readings, sensor_texts'
chain records <clean
from_records=$(psql -qAtXc "$rows" | md5sum)
psql -qXc 'TRUNCATE sensor_readings, sensor_texts'
check "its JSON lines go through the chain" eval 'chain lines <json'
is "and give the same rows" "$(psql -qAtXc "$rows" | md5sum)" "$from_records"
check "which are some" test "$(psql -qAtXc 'SELECT count(*) FROM readings')" -gt 4000
finish
