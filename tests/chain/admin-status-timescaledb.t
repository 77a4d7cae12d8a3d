#!/bin/bash
# tsdb-admin status on TimescaleDB: chunks, compression, how far rollups are materialized, what arrived, errors of jobs.
# First build only: what it proves is SQL.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/timescaledb.sh"
. "$root/tests/lib/schema-checks.sh"
one_day 120

cleanup() {
	stop_timescaledb
}
start_timescaledb "$work/db" || skip_all "$timescaledb_reason"

json() {
	tsdb-admin status --json | jq -c "$1"
}
day() {
	date -u -d "$1 days ago" +%F
}

tsdb-admin init 2>/dev/null
is "without readings" "$(json '[.readings.oldest_day, .readings.newest, .compression, .recent, .rollups.hourly_to]')" \
	'[null,null,[],[],null]'
sql "$(random_readings 3000 "'$(day 4)'::timestamptz" "'$(day 0)'::timestamptz")"
is "oldest and newest reading" "$(json '[.readings.oldest_day, .readings.newest]')" \
	"$(sql "SELECT format('[\"%s\",\"%s\"]', min(time)::date, to_char(max(time), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')) FROM sensor_readings")"
sql "SELECT note_latest(ARRAY['$(day 0) 12:00Z'::timestamptz], '{1}', '{1}', '{1}', '{1}')" >/dev/null
is "or the one noted as the latest" "$(json .readings.newest)" "\"$(day 0)T12:00:00.000000Z\""

# ---- chunks and what compression makes of them ----

sql "SELECT compress_chunk(c) FROM show_chunks('sensor_readings', older_than => '$(day 2)'::timestamptz) AS c" >/dev/null
is "chunks by state" "$(json '.chunks[0] | [.table, .chunks, .open, .compressed, .empty]')" '["sensor_readings",4,2,2,0]'
is "what compression made of them" \
	"$(json '.compression | map([.table, .chunks, .readings, .before_bytes, .after_bytes, .ratio * 1, .bytes_per_reading * 1])')" \
	"$(sql "SELECT format('[[\"sensor_readings\",2,%s,%s,%s,%s,%s]]', n, before_compression_total_bytes, after_compression_total_bytes,
			trim_scale(round(before_compression_total_bytes::numeric / after_compression_total_bytes, 1)),
			trim_scale(round(after_compression_total_bytes::numeric / n, 2)))
		FROM hypertable_compression_stats('sensor_readings'), (SELECT count(*) AS n FROM sensor_readings WHERE time < '$(day 2)') AS c")"
is "rows of compressed chunks are counted, not guessed" \
	"$(json '.tables[0] | .rows_estimate >= '"$(sql "SELECT count(*) FROM sensor_readings WHERE time < '$(day 2)'")")" true
is "sizes of tables" "$(json '.tables[0] | [.size_bytes, .heap_bytes, .index_bytes, .toast_bytes]')" \
	"$(sql "SELECT format('[%s,%s,%s,%s]', total_bytes, table_bytes, index_bytes, toast_bytes) FROM hypertable_detailed_size('sensor_readings')")"

# ---- rollups ----

sql "CALL refresh_continuous_aggregate('readings_hourly', NULL, '$(day 0)')"
sql "CALL refresh_continuous_aggregate('readings_daily', NULL, '$(day 0)')"
is "how far rollups are materialized" "$(json '[.rollups.hourly_to, .rollups.daily_to, .rollups.lag_seconds >= 0]')" \
	"[\"$(day 0)T00:00:00Z\",\"$(day 0)T00:00:00Z\",true]"
recent() {
	sql "SELECT format('[\"%s\",%s,%s,%s,%s]', '$1', count(*), round(count(*) / extract(epoch FROM interval '1 $1'), 1)::float,
			count(*) FILTER (WHERE quality >= 4), count(DISTINCT (sensor_id, metric_id)))
		FROM sensor_readings WHERE time >= '$(day 0)'::timestamptz - interval '1 $1' AND time < '$(day 0)'"
}
is "what arrived in the last hour and day of them" \
	"$(json '.recent | map([.last, .readings, .readings_per_second * 1, .failed, .series])')" "[$(recent hour),$(recent day)]"
late "$(random_readings 20 "'$(day 4)'::timestamptz" "'$(day 3)'::timestamptz" 1)" >/dev/null
is "late readings that wait, from which hour to which" \
	"$(json '.rollups | [.late_notes, .oldest_late_hour, .newest_late_hour]')" \
	"$(sql "SELECT format('[%s,\"%s\",\"%s\"]', count(*), to_char(min(bucket), t), to_char(max(bucket), t))
		FROM touched_hours, (SELECT 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"' AS t) AS t GROUP BY t")"

# ---- jobs ----

# Where background workers run, a job that fails leaves its error; here it is put where they do.
if [ "$(sql "SELECT to_regclass('_timescaledb_internal.bgw_job_stat_history') IS NOT NULL")" = t ]; then
	job=$(sql "SELECT min(job_id) FROM policy_jobs")
	for error in "1 hour|the first" "2 hours|an older one"; do
		sql "INSERT INTO _timescaledb_internal.bgw_job_stat_history (job_id, pid, execution_start, execution_finish, succeeded, data)
			VALUES ($job, 1, now() - interval '${error%|*}', now(), false,
				jsonb_build_object('job', jsonb_build_object('proc_name', 'p', 'proc_schema', 's'),
					'error_data', jsonb_build_object('message', '${error#*|}', 'sqlerrcode', 'XX000')))"
	done
	is "the last error of a job" "$(json '.jobs | map(select(.last_error != null) | [.job_id, .last_error, .last_error_at != null])')" \
		"[[$job,\"the first\",true]]"
	like "is on the page" "$(tsdb-admin status)" "^  $job .* the first\$"
else
	skip "the last error of a job" "this TimescaleDB keeps errors elsewhere"
fi
finish
