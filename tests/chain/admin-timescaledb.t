#!/bin/bash
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/timescaledb.sh"
. "$root/tests/lib/schema-checks.sh"

# The schema on TimescaleDB: hypertables, continuous aggregates, compression, policies.

cleanup() {
	stop_timescaledb
}
start_timescaledb "$work/db" || skip_all "$timescaledb_reason"

# The Apache edition of TimescaleDB has hypertables only. Its steps, applied and taken back.
steps=$(cd "$root/sql" && ls {common,timescaledb,computed}/*.sql | sort -t/ -k2)
is "the steps for the Apache edition apply, and its rollups are right" \
	"$({
		echo "BEGIN;"
		(cd "$root/sql" && cat $steps)
		echo "INSERT INTO sensors (sensor_id, type, name) VALUES (1, 't', 's');
			INSERT INTO metrics (metric_id, name) VALUES (1, 'm'), (2, 'n');
			INSERT INTO sensor_readings (time, value, sensor_id, metric_id, quality) VALUES
				('2026-01-10 00:10Z', 3, 1, 1, 1), ('2026-01-10 00:20Z', 5, 1, 1, 1),
				('2026-01-11 00:10Z', 7, 1, 2, 1);
			SELECT repair_latest('-infinity', '2026-01-12');
			SELECT day, metric, count, avg, first, last FROM readings_by_day ORDER BY day;
			SELECT metric, value FROM readings_latest ORDER BY metric;
			SELECT * FROM reading_span();
			ROLLBACK;"
	} | psql -XqAt -v ON_ERROR_STOP=1 2>apache.err | tail -n 5)" \
	"2026-01-10 00:00:00+00|m|2|4|3|5
2026-01-11 00:00:00+00|n|1|7|7|7
m|5
n|7
2026-01-10 00:10:00+00|2026-01-11 00:10:00+00"

check "init: the engine is found out" tsdb-admin init
like "init: says which engine" "$(cat err)" 'engine timescaledb: version 2'
like "init: says what was done" "$(cat err)" 'schema version [0-9]+, engine timescaledb: [0-9]+ steps applied'
check "init again changes nothing" tsdb-admin init
like "init again: says so" "$(cat err)" ' 0 steps applied'
check "init --engine timescaledb agrees" tsdb-admin init --engine timescaledb
fails "init --engine postgresql is refused" 78 tsdb-admin init --engine postgresql
is "--dry-run after init has nothing to create" \
	"$(tsdb-admin init --dry-run --quiet | grep -c CREATE)" 0

is "hypertables with a chunk a day" \
	"$(sql "SELECT hypertable_name, time_interval FROM timescaledb_information.dimensions
		WHERE hypertable_name LIKE 'sensor%' ORDER BY 1")" \
	"sensor_readings|1 day
sensor_texts|1 day"
is "policies: every one, with its schedule and offsets" \
	"$(sql "SELECT proc_name, coalesce(view_name, jobs.hypertable_name), coalesce(
			config->>'compress_after', config->>'drop_after', config->>'start_offset'),
			config->>'end_offset', CASE WHEN proc_name ~ 'refresh' THEN schedule_interval END
		FROM timescaledb_information.jobs
		LEFT JOIN timescaledb_information.continuous_aggregates
			ON materialization_hypertable_name = jobs.hypertable_name
		WHERE jobs.hypertable_name IS NOT NULL ORDER BY 1, 2")" \
	"policy_compression|sensor_readings|7 days||
policy_compression|sensor_texts|7 days||
policy_refresh_continuous_aggregate|readings_daily|60 days|1 day|00:05:00
policy_refresh_continuous_aggregate|readings_hourly|30 days|01:00:00|00:05:00
policy_retention|readings_daily|1 year||
policy_retention|readings_hourly|180 days||
policy_retention|sensor_readings|90 days||
policy_retention|sensor_texts|90 days||"

check_register
fill_readings
check_views
check_watermark
check_status timescaledb
is "status --json: chunks" \
	"$(jq -c '.chunks | map([.table, .chunks, .compressed, .first_day])' status.json)" \
	'[["sensor_readings",2,0,"2026-01-10"],["sensor_texts",1,0,"2026-01-10"],["readings_hourly",0,0,null],["readings_daily",0,0,null]]'
is "status --json: jobs" "$(jq '.jobs | map(select(.scheduled)) | length' status.json)" 8

# Real time: materialized for the first day, computed from the readings for the second.
sql "CALL refresh_continuous_aggregate('readings_hourly', '2026-01-10', '2026-01-11')"
sql "CALL refresh_continuous_aggregate('readings_daily', '2026-01-10', '2026-01-11')"
check_rollups "rollups half materialized"

check "a chunk is compressed by hand" sql "SELECT compress_chunk(c)
	FROM show_chunks('sensor_readings', older_than => '2026-01-11'::timestamptz) AS c"
is "status --json counts it" \
	"$(tsdb-admin status --json | jq -c '.chunks[0] | [.chunks, .compressed]')" '[2,1]'
is "and reads back unchanged" \
	"$(sql "SELECT time, value, quality FROM sensor_readings WHERE sensor_id = 1 ORDER BY time")" \
	"2026-01-10 00:00:00+00|10|1
2026-01-10 00:30:00+00|99|4
2026-01-10 00:31:00+00|1e+300|1
2026-01-10 00:59:59+00|14|3
2026-01-10 01:00:00+00|-2|2
2026-01-11 12:00:00+00|20|1"
sql "DELETE FROM latest_readings"
is "latest readings are found in compressed chunks too" \
	"$(sql "SELECT repair_latest('-infinity', 'infinity')"; sql "SELECT value FROM readings_latest ORDER BY type, sensor")" "3
5
1
20"
sql "INSERT INTO sensor_readings (time, value, sensor_id, metric_id, quality) VALUES
	('2026-01-10 00:00:00Z', 77, 1, 1, 1), ('2026-01-10 02:00:00Z', 6, 1, 1, 1) ON CONFLICT DO NOTHING"
is "late data goes into a compressed chunk, duplicates do not" \
	"$(sql "SELECT count(*), sum(value) FROM sensor_readings
		WHERE sensor_id = 1 AND time < '2026-01-11' AND value < 1000")" "5|127"

finish
