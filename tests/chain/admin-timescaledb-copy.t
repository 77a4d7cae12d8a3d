#!/bin/bash
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/timescaledb.sh"
. "$root/tests/lib/schema-checks.sh"

# Sensors to TimescaleDB: what sensor-sim says arrives in the hypertable, once, with its rollups.

cleanup() {
	stop_timescaledb
}
start_timescaledb "$work/db" || skip_all "$timescaledb_reason"
check "init" tsdb-admin init

# COPY crashes the WebAssembly server: there everything goes the way of small batches.
store=(tsdb-copy --source sim --max-batch 5000 --retry-for 20)
if [ -n "$timescaledb_wasm" ]; then store+=(--copy-min 1000000); fi

sensor-sim --count 3000 --sensors 50 --start 2026-01-09T12:00:00Z --interval 600 --seed 7 --quiet |
	awk -F'\t' -v OFS='\t' '{ $2 = NR; print }' | sensor-decode --quiet >readings.r1
# What must be there, by the reckoning of awk: one line for each series.
awk -F'\t' '{ for (i = 8; i <= NF; i++) { split($i, m, /[=;]/)
		if (m[2] !~ /^"/) n[$5 "|" $6 "|" m[1]]++ } }
	END { for (s in n) print s "|" n[s] }' readings.r1 | sort >expected

check "the readings are stored" eval '"${store[@]}" <readings.r1'
like "all of them" "$(cat err)" 'received 3000, stored 3000, duplicates 0, rejected 0, skipped 0'
sql "SELECT type, sensor, metric, count(*) FROM readings GROUP BY 1, 2, 3" | sort >got
check "every series has its rows" cmp expected got
is "the watermark is the last message" "$(tsdb-admin watermark sim)" 3000

check "the same again" eval '"${store[@]}" <readings.r1'
like "is found to be duplicates" "$(cat err)" 'stored 0, duplicates 3000, rejected 0'
sql "SELECT type, sensor, metric, count(*) FROM readings GROUP BY 1, 2, 3" | sort >got
check "and changes nothing" cmp expected got

is "daily rollups count every row" \
	"$(sql "SELECT sum(count + failed) FROM readings_daily")" "$(sql "SELECT count(*) FROM sensor_readings")"
sql "CALL refresh_continuous_aggregate('readings_hourly', NULL, NULL)"
sql "CALL refresh_continuous_aggregate('readings_daily', NULL, NULL)"
is "materialized, they still do" \
	"$(sql "SELECT sum(count + failed) FROM readings_daily")" "$(sql "SELECT count(*) FROM sensor_readings")"
is "readings_latest has every series" "$(sql "SELECT count(*) FROM readings_latest")" "$(wc -l <expected)"
is "and its latest time" \
	"$(sql "SELECT count(*) FROM readings_latest AS l
		WHERE time = (SELECT max(time) FROM readings AS r
			WHERE (r.type, r.sensor, r.metric) = (l.type, l.sensor, l.metric))")" \
	"$(wc -l <expected)"

sql "SELECT compress_chunk(c) FROM show_chunks('sensor_readings') AS c" >compressed 2>compress.err
check "into compressed chunks, the same again" eval '"${store[@]}" <readings.r1'
like "is still found to be duplicates" "$(cat err)" 'stored 0, duplicates 3000, rejected 0'
finish
