#!/bin/bash
# Queries on TimescaleDB: hypertables, compressed chunks, continuous aggregates half materialized.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/timescaledb.sh"
. "$root/tests/lib/query-checks.sh"

cleanup() { stop_timescaledb; }
start_timescaledb "$work/db" || skip_all "$timescaledb_reason"
check "tsdb-admin init" tsdb-admin init --quiet
fill_query_data
sql "CALL refresh_continuous_aggregate('readings_hourly', '2026-01-09', '2026-01-12')"
sql "CALL refresh_continuous_aggregate('readings_daily', '2026-01-09', '2026-01-12')"
sql "SELECT compress_chunk(c) FROM show_chunks('sensor_readings', older_than => '2026-01-11'::timestamptz) AS c" >/dev/null

tsdb-query --from 2026-01-10T10:30:00Z --to 2026-01-12T19:59:59Z --agg avg --bucket 1d --explain >out 2>err
is "continuous aggregates are used" "$(grep -oE 'query: (raw|hourly|daily) from' err | cut -d' ' -f2 | tr '\n' ' ')" \
	"raw hourly daily hourly raw "
check_aggregates
check_names
check_readings
check_fill
check_points
check_records

check "the plan of raw readings" psql -XqAt -c "EXPLAIN (COSTS OFF) SELECT sensor_id, metric_id, time, value, quality
	FROM series_readings WHERE sensor_id = ANY ('{1,2}') AND time >= '2026-01-12' AND time < '2026-01-13'
	ORDER BY sensor_id, metric_id, time"
is "reads one chunk" "$(grep -oE '_hyper_[0-9_]+_chunk' out | sort -u | wc -l)" 1
like "by its key" "$(cat out)" 'Index.*_sensor_readings_pkey'
finish
