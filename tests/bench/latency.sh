# Latency: from the moment a sensor makes a reading to its commit, through broker, spool (--sync 1) and database, at
# steady rates. The server tells when each row was committed; a message is as late as the last of its rows. The first
# seconds, in which the publisher connects and all sensors are new, are left out. One clock: all runs on one machine.
latency_warm_up=3 # seconds
latency_names=(p50 p99 p99.9)
latency_stored() { # MESSAGES
	grep -qx "sensorpipe_copy_records_total{.*outcome=\"stored\"} $1" "$work/tsdb-copy.prom" 2>/dev/null
}

latency_run() { # RATE SECONDS
	local rate=$1 seconds=$2 pid label="latency-$1-$RANDOM"
	rm -rf "$work/latency.spool" "$work/tsdb-copy.prom" "$work/latency.err"
	env REJECTS="$work" METRICS="$work" SENSORPIPE_SCHEMAS="$root/pipelines/schemas" SPOOL="$work/latency.spool" SOURCE="$label" \
		CAPTURE_OPTIONS='--sync 1' "$root/pipelines/ingest" -h 127.0.0.1 -p "$MQTT_PORT" -t 'sensors/#' -q 1 \
		-i "$label" 2>"$work/latency.err" &
	pid=$!
	until_true grep -qs subscribed "$work/latency.err"
	sensor-sim --quiet --sensors 1000 --rate "$rate" --count "$((rate * seconds))" |
		mqtt-pub5 --quiet -h 127.0.0.1 -p "$MQTT_PORT" -q 1
	until_true latency_stored "$((rate * seconds))" || die "not all was stored: $(tail -n 3 "$work/latency.err")"
	kill -TERM "$pid"
	wait "$pid" || die "ingest failed: $(tail -n 3 "$work/latency.err")"
}

# latency_of FROM QUANTILE,...: in milliseconds, a line each, of the messages that were made since FROM.
latency_of() {
	psql -qAtX <<-SQL
		WITH messages AS (
			SELECT max(extract(epoch FROM pg_xact_commit_timestamp(xmin) - time) * 1000) AS ms
			FROM sensor_readings WHERE time >= '$1' GROUP BY sensor_id, time)
		SELECT unnest(percentile_disc(ARRAY[$2]) WITHIN GROUP (ORDER BY ms))::numeric(12, 2) FROM messages
	SQL
}

for rate in 10 116 1000 5000; do
	length=$(awk -v s="$SCALE" -v r="$rate" 'BEGIN { t = 20 * s; print int(t * r < 20 ? 20 / r + 1 : t < 1 ? 1 : t) }')
	describe "at$rate" "$rate messages/s, $length s"
	for ((round = 1; round <= ROUNDS; round++)); do
		from=$(date -u -d "+$latency_warm_up seconds" +%FT%T.%NZ)
		latency_run "$rate" "$((length + latency_warm_up + 1))"
		mapfile -t found < <(latency_of "$from" 0.5,0.99,0.999)
		for i in 0 1 2; do
			figure latency "${latency_names[i]} from reading to commit, spool, --sync 1" "at$rate" ms "${found[i]:?no message}"
		done
	done
done
rm -rf "$work"/latency.*
