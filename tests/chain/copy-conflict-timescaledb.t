#!/bin/bash
# tsdb-copy and readings that differ from what is stored, on TimescaleDB, in compressed chunks too.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/timescaledb.sh"
. "$root/tests/lib/conflict-checks.sh"
cleanup() {
	stop_timescaledb
}
start_timescaledb "$work/db" || skip_all "$timescaledb_reason"
check "tsdb-admin init" tsdb-admin init

# COPY crashes the WebAssembly server: there everything goes the way of small batches.
if [ -z "$timescaledb_wasm" ]; then
	check_conflicts "COPY" --copy-min 1
	check_many_conflicts "COPY" --copy-min 1
fi
check_conflicts "INSERT" --copy-min 1000000
check_many_conflicts "INSERT" --copy-min 1000000

sql "SELECT compress_chunk(c) FROM show_chunks('sensor_readings') AS c" >compressed
check "chunks are compressed" test -s compressed
series 1 12100 1 'i == 5000 ? 1 : -i' | check "into them, all again, one of them different" \
	tsdb-copy --copy-min 1000000 --source packed --reject packed.x1
is "it alone is rejected" "$(counts)" "received 12100, stored 0, duplicates 12099, rejected 1, skipped 0, rows 0"
is "with what is stored" "$(cut -f4,5 packed.x1)" "$(printf 'conflict\ta: -5000 is stored, not 1')"
cut -f6- packed.x1 | check "to replace" tsdb-copy --copy-min 1000000 --on-conflict replace
is "it is stored" "$(counts)" "received 1, stored 1, duplicates 0, rejected 0, skipped 0, rows 1"
is "over the other" "$(sql "SELECT count(*) FROM sensor_readings WHERE value = 1")" 1

# By itself TimescaleDB unpacks 100,000 compressed rows in a transaction, no more.
sql "INSERT INTO sensors (sensor_id, type, name) SELECT 1000 + n, 'many', 'm-' || n FROM generate_series(1, 150) AS n"
sql "INSERT INTO sensor_readings (time, value, sensor_id, metric_id, quality)
	SELECT '2026-01-05'::timestamptz + n * interval '1 minute', n, 1000 + s, 1, 1
	FROM generate_series(1, 1000) AS n, generate_series(1, 150) AS s"
sql "SELECT compress_chunk(c) FROM show_chunks('sensor_readings', newer_than => '2026-01-05'::timestamptz,
	older_than => '2026-01-06'::timestamptz) AS c" >compressed
metric=$(sql "SELECT name FROM metrics WHERE metric_id = 1")
for n in {1..150}; do
	printf 'r1\t0\t2026-01-07T00:00:00Z\t2026-01-05T08:00:00Z\tmany\tm-%d\t1\t%s=1\n' "$n" "$metric"
done >late.r1
check "to replace those of many series" tsdb-copy --copy-min 1000000 --on-conflict replace --retry-for 5 <late.r1
is "they are stored" "$(counts)" "received 150, stored 150, duplicates 0, rejected 0, skipped 0, rows 150"
finish
