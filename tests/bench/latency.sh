# Latency: from the moment a sensor makes a reading to its commit, through broker, spool (--sync 1) and database, at
# steady rates; as tsdb-copy counts it by the readings' own times. One clock: all runs on one machine.
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

# latency_of QUANTILE: in milliseconds, of the readings' own times.
latency_of() { sed -n "s/.*(device.* $1 \([0-9.]*\) ms.*/\1/p" "$work/latency.err"; }

for rate in 10 116 1000 5000; do
	length=$(awk -v s="$SCALE" -v r="$rate" 'BEGIN { t = 20 * s; print int(t * r < 20 ? 20 / r + 1 : t < 1 ? 1 : t) }')
	describe "at$rate" "$rate messages/s, $length s"
	for ((round = 1; round <= ROUNDS; round++)); do
		latency_run "$rate" "$length"
		for quantile in p50 p99 p99.9; do
			figure latency "$quantile from reading to commit, spool, --sync 1" "at$rate" ms "$(latency_of $quantile)"
		done
	done
done
rm -rf "$work"/latency.*
