#!/bin/bash
# Every message is accounted for: the metrics of each tool of the chain, with errors of every sort, add up, and what
# one tool hands over is what the next one takes.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
ingest=
cleanup() {
	if [ -n "$ingest" ]; then pkill -KILL -s "$ingest"; fi
	services_end
}
services_begin "$work/services"
start_postgres fsync=off && start_broker || { flunk "services start"; finish; }
check "tsdb-admin init" tsdb-admin init
# What the database itself refuses becomes a dead letter of tsdb-copy.
psql -qXc 'ALTER TABLE sensor_readings ADD CHECK (value <> 66.625)'

export SPOOL=$work/spool SOURCE=worker-1 REJECTS=$work METRICS=$work
setsid "$root/pipelines/ingest" -h 127.0.0.1 -p "$MQTT_PORT" -t 'sensors/#' -q 1 -i worker-1 2>ingest.err &
ingest=$!
check "the worker subscribes" wait_for 20 grep -q subscribed ingest.err

sensor-sim --count 5000 --errors 10 --seed 4 >dump 2>sim.err
refused='m1\t0\t%s\tsensors/climate/c-1\tq1\tapplication/json\t\t{"temperature":66.625}\n'
{
	cat dump
	head -n 100 dump # the same again
	# shellcheck disable=SC2059  # it is a format
	printf "$refused" "$(date -u +%FT%TZ)"
	echo 'm1 but broken'
} | mqtt-pub5 -h 127.0.0.1 -p "$MQTT_PORT" --reject publish.x1 --metrics mqtt-pub5.prom 2>publish.err
caught_up() { tsdb-admin lag --spool "$SPOOL" --max-messages 0 "$SOURCE"; }
spooled() { [ "$(cat "$SPOOL"/*.m1 | wc -l)" = 5101 ]; }
check "all arrive in the spool" wait_for 60 spooled
check "and in the database" wait_for 60 caught_up
kill -TERM "$ingest"
wait "$ingest"
is "the chain ends with 0" $? 0
ingest=

# of TOOL NAME...: the sum of these metrics in all their labels.
of() {
	local tool=$1 names
	shift
	names=$(IFS='|'; echo "$*")
	awk -v "names=^sensorpipe_($names)([{]|\$)" '$1 ~ names { sum += $2; found++ }
		END { if (!found) exit 1; printf "%.0f", sum }' "$tool.prom" || echo "no metric $*"
}
# Some dead letters, so that the sums have something to miss.
for file in publish decode validate copy; do check "$file.x1 has dead letters" test -s $file.x1; done
lines() { wc -l <"$1"; }

is "mqtt-pub5: read = published + refused + rejected" "$(of mqtt-pub5 mqtt_records_read_total)" \
	"$(of mqtt-pub5 mqtt_messages_published_total mqtt_messages_refused_total mqtt_records_rejected_total)"
is "a dead letter for each rejected" "$(lines publish.x1)" "$(of mqtt-pub5 mqtt_records_rejected_total)"
is "published = received by mqtt-sub5" "$(of mqtt-pub5 mqtt_messages_published_total)" \
	"$(of mqtt-sub5 mqtt_messages_received_total)"
is "mqtt-sub5: received = put into the spool" "$(of mqtt-sub5 mqtt_messages_received_total)" \
	"$(of mqtt-sub5 spool_messages_total)"
is "in the spool = read by mqtt-replay" "$(of mqtt-sub5 spool_messages_total)" "$(of mqtt-replay replay_records_total)"
is "mqtt-replay: records = replayed + filtered + rejected" "$(of mqtt-replay replay_records_total)" \
	"$(of mqtt-replay replay_replayed_total replay_filtered_total replay_rejected_total)"
is "replayed = read by sensor-decode" "$(of mqtt-replay replay_replayed_total)" \
	"$(of sensor-decode decode_lines_total)"
is "sensor-decode: lines = decoded + skipped + malformed" "$(of sensor-decode decode_lines_total)" \
	"$(of sensor-decode decode_decoded_total decode_skipped_total decode_malformed_total)"
is "a dead letter for each of the latter two" "$(lines decode.x1)" \
	"$(of sensor-decode decode_skipped_total decode_malformed_total)"
is "readings and skips written = read by sensor-validate" \
	"$(of sensor-decode decode_readings_total decode_skips_total)" "$(of sensor-validate validate_records_total)"
is "sensor-validate: records = valid + unchecked + skips + rejected" "$(of sensor-validate validate_records_total)" \
	"$(of sensor-validate validate_valid_total validate_unchecked_total validate_skips_total validate_rejected_total)"
is "a dead letter for each rejected" "$(lines validate.x1)" "$(of sensor-validate validate_rejected_total)"
is "passed on and replaced = received by tsdb-copy" \
	"$(of sensor-validate validate_valid_total validate_unchecked_total validate_skips_total validate_replaced_total)" \
	"$(of tsdb-copy copy_received_total)"
is "tsdb-copy: received = stored + duplicates + rejected + skipped" "$(of tsdb-copy copy_received_total)" \
	"$(of tsdb-copy copy_records_total)"
is "a dead letter for each rejected" "$(lines copy.x1)" \
	"$(awk '/records_total.*rejected/ { print $2 }' tsdb-copy.prom)"
is "new rows = rows in the tables" "$(of tsdb-copy copy_rows_total)" \
	"$(psql -qAtXc 'SELECT (SELECT count(*) FROM sensor_readings) + (SELECT count(*) FROM sensor_texts)')"

is "skipped by tsdb-copy = skips of sensor-decode and sensor-validate" \
	"$(awk '/records_total.*skipped/ { print $2 }' tsdb-copy.prom)" \
	"$(($(of sensor-decode decode_skips_total) + $(of sensor-validate validate_replaced_total)))"
is "the last number is the same from the spool to the database" \
	"$(of mqtt-sub5 spool_head) $(of mqtt-replay replay_last_seq) $(of tsdb-copy copy_watermark)" \
	"$(for i in 1 2 3; do psql -qAtXc 'SELECT seq FROM ingest_watermarks'; done | paste -sd ' ')"
finish
