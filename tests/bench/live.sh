# Live, end to end: messages are published as fast as the broker takes them; the time runs until all of them are rows.
# Against a subscriber that only counts, which is the broker's own limit, and against mosquitto_sub into psql, which
# keeps topic and payload as they are. Texts of the padding make most of a row of 1 KB.
live_messages=$(scaled 100000)
live_pids=() live_group=0

live_dump() { echo "$work/live.$1"; }
live_publish() { mqtt-pub5 --quiet -h 127.0.0.1 -p "$MQTT_PORT" -q "$live_qos" <"$(live_dump "$live_size")"; }

live_stored() { [ "$(psql -qAtX -c "$live_count")" -ge "$live_messages" ]; }

live_stop() {
	local pid
	for pid in "${live_pids[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
	for pid in "${live_pids[@]}"; do wait "$pid" || true; done
	live_pids=()
}

# live_start WORKERS [ENVIRONMENT...]: workers of one group, subscribed.
live_start() {
	local workers=$1 i
	shift
	psql -qX -c 'TRUNCATE sensor_readings, sensor_texts, touched_hours'
	live_count="SELECT count(*) FROM sensor_texts AS t JOIN metrics AS m USING (metric_id) WHERE m.name = 'pad'"
	live_group=$((live_group + 1))
	rm -rf "$work"/live.spool.* "$work"/live.*.err
	for ((i = 1; i <= workers; i++)); do
		env REJECTS="$work" SENSORPIPE_SCHEMAS="$root/pipelines/schemas" \
			SPOOL="${live_spool:+$work/live.spool.$i}" SOURCE="bench-$live_group-$i" "$@" \
			"$root/pipelines/ingest" -h 127.0.0.1 -p "$MQTT_PORT" -t 'sensors/#' -q "$live_qos" \
			-x 3600 -i "bench-$live_group-$i" --share "bench-$live_group" 2>"$work/live.$i.err" &
		live_pids+=($!)
	done
	for ((i = 1; i <= workers; i++)); do
		until_true grep -qs subscribed "$work/live.$i.err"
	done
	until_true live_connected "$workers"
}
live_connected() {
	[ "$(psql -qAtX -c "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tsdb-copy'")" -ge "$1" ]
}
live_run() {
	live_publish && until_true live_stored
}

prepare_live_counting() {
	rm -f "$work/live.counted"
	mosquitto_sub -V 5 -h 127.0.0.1 -p "$MQTT_PORT" -t 'sensors/#' -q "$live_qos" -C "$live_messages" |
		wc -l >"$work/live.counted" &
	live_pids=($!)
	sleep 0.5 # mosquitto_sub does not tell that it has subscribed
}
live_counting() { live_publish && wait "${live_pids[0]}" && [ "$(cat "$work/live.counted")" = "$live_messages" ]; }
after_live_counting() { live_pids=(); }

prepare_live_psql() {
	psql -qX -c 'CREATE TABLE IF NOT EXISTS live_raw (topic text, payload text)' -c 'TRUNCATE live_raw'
	live_count='SELECT count(*) FROM live_raw'
	mosquitto_sub -V 5 -h 127.0.0.1 -p "$MQTT_PORT" -t 'sensors/#' -q "$live_qos" -C "$live_messages" -F '%t	%p' |
		psql -qX -c '\copy live_raw FROM STDIN' &
	live_pids=($!)
	sleep 0.5
}
live_psql() { live_publish && wait "${live_pids[0]}" && live_stored; }
after_live_psql() { live_pids=(); }

for workers in 1 2 4; do
	eval "prepare_live_direct_$workers() { live_spool=; live_start $workers; }
	live_direct_$workers() { live_run; }
	after_live_direct_$workers() { live_stop; }"
	describe "live_direct_$workers" "$workers worker$( ((workers == 1)) || echo s), no spool"
done
for sync in none 1 always; do
	eval "prepare_live_spool_$sync() { live_spool=1; live_start 1 CAPTURE_OPTIONS='--sync $sync'; }
	live_spool_$sync() { live_run; }
	after_live_spool_$sync() { live_stop; }"
	describe "live_spool_$sync" "1 worker, spool, --sync $sync"
done
describe live_counting 'mosquitto_sub that only counts'
describe live_psql 'mosquitto_sub | psql \copy, unparsed'

for live_size in 200 1000; do
	sensor-sim --quiet --sensors 1000 --types climate,power,vibration --payload-bytes "$live_size" \
		--count "$live_messages" --start "$(date -u +%FT%TZ)" --interval 1 >"$(live_dump "$live_size")"
	for live_qos in 0 1; do
		versus live "QoS $live_qos, $live_size bytes" messages "$live_messages" live_counting live_psql \
			live_direct_1 live_direct_2 live_direct_4 live_spool_none live_spool_1
	done
done
live_qos=1 live_size=1000 live_messages=$((live_messages / 10 + 1))
sensor-sim --quiet --sensors 1000 --types climate,power,vibration --payload-bytes "$live_size" \
	--count "$live_messages" --start "$(date -u +%FT%TZ)" --interval 1 >"$(live_dump "$live_size")"
versus live 'each message synced by itself, QoS 1, 1000 bytes' messages "$live_messages" live_counting live_spool_always
rm -rf "$work"/live.*
