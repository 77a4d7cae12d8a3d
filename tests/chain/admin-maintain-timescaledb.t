#!/bin/bash
# tsdb-admin maintain and policy on TimescaleDB: late readings are rolled up, jobs are run where nobody else does.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/timescaledb.sh"
. "$root/tests/lib/schema-checks.sh"
one_day 120

cleanup() {
	stop_timescaledb
}
start_timescaledb "$work/db" || skip_all "$timescaledb_reason"

day_ago() {
	date -u -d "$1 days ago" +%F
}
fill() {
	random_readings "$2" "'$(day_ago "$1") 00:00Z'::timestamptz" "'$(day_ago "$1") 23:59Z'::timestamptz"
}
notes() {
	sql "SELECT count(*) FROM touched_hours"
}

tsdb-admin init 2>/dev/null

# ---- policies ----

is "the defaults" "$(tsdb-admin policy --json | jq -r '.[] | .name + "=" + .age' | tr '\n' ' ')" \
	"raw=90 days texts=90 days hourly=180 days daily=1 year compress=7 days "
is "policy set --dry-run is a diff" "$(tsdb-admin policy set --dry-run raw=20d daily=1y compress=3d 2>&1)" "-raw 90 days
+raw 20 days
-compress 7 days
+compress 3 days"
jobs=$(sql "SELECT string_agg(job_id::text, ' ' ORDER BY job_id) FROM policy_jobs")
check "what is so already" tsdb-admin policy set raw=90d compress=7d
is "is left alone" "$(sql "SELECT string_agg(job_id::text, ' ' ORDER BY job_id) FROM policy_jobs")" "$jobs"
check "policy set" tsdb-admin policy set raw=20d texts=never compress=3d
is "sets the jobs, and lets none refresh what is dropped" \
	"$(sql "SELECT relation, job, coalesce(config->>'drop_after', config->>'compress_after', config->>'start_offset')
		FROM policy_jobs ORDER BY job, relation")" \
	"sensor_readings|policy_compression|3 days
sensor_texts|policy_compression|3 days
readings_daily|policy_refresh_continuous_aggregate|60 days
readings_hourly|policy_refresh_continuous_aggregate|20 days
readings_daily|policy_retention|1 year
readings_hourly|policy_retention|180 days
sensor_readings|policy_retention|20 days"
fails "what does not go together is refused" 78 tsdb-admin policy set raw=never
check "back again" tsdb-admin policy set raw=90d texts=90d compress=7d
is "to the defaults" "$(tsdb-admin policy --json | jq -r '.[] | .name + "=" + .age' | tr '\n' ' ')" \
	"raw=90 days texts=90 days hourly=180 days daily=1 year compress=7 days "
is "with the refresh as wide as it was" \
	"$(sql "SELECT config->>'start_offset' FROM policy_jobs WHERE relation = 'readings_hourly' AND config ? 'start_offset'")" "30 days"

# ---- late readings ----

sql "UPDATE rollup_state SET raw_from = '-infinity'"
sql "$(fill 70 300); $(fill 45 300); $(fill 5 300); $(fill 1 300)"
sql "CALL refresh_continuous_aggregate('readings_hourly', NULL, now() - interval '2 hours')"
sql "CALL refresh_continuous_aggregate('readings_daily', NULL, now() - interval '2 days')"
is "the rollups are those of the readings" "$(wrong_rollups)" "0|0"
if [ -n "$timescaledb_wasm" ]; then
	check "maintain where no background workers are" tsdb-admin maintain
	like "runs the jobs" "$(cat err)" 'jobs: 8 run; days of late readings: 0 refreshed'
fi
for days in 70 45 5 0; do late "$(fill $days 60)" >/dev/null; done
is "late readings are noted, but not those of today" \
	"$(sql "SELECT count(DISTINCT date_trunc('day', bucket, 'UTC')) FROM touched_hours")" 3
like "what lies outside the windows is not seen by the rollups" "$(wrong_rollups)" '^[1-9][0-9]*\|[1-9]'
is "it is what maintain refreshes" \
	"$(tsdb-admin maintain --dry-run | sed -n 's/.*refresh late readings of //p' | tr '\n' ' ')" "$(day_ago 70) $(day_ago 45) "
check "maintain" tsdb-admin maintain
like "says so" "$(cat err)" 'days of late readings: 2 refreshed'
is "no note is left" "$(notes)" 0
sql "CALL refresh_continuous_aggregate('readings_hourly', now() - interval '30 days', now() - interval '2 hours')"
sql "CALL refresh_continuous_aggregate('readings_daily', now() - interval '60 days', now() - interval '2 days')"
is "the rollups are those of the readings again" "$(wrong_rollups)" "0|0"

# A note that maintain did not see before it refreshed stays.
late "$(fill 45 5)" >/dev/null
seen=$(sql "SELECT pg_current_snapshot()")
late "$(fill 45 5)" >/dev/null
before=$(notes)
sql "CALL refresh_late('$(day_ago 45) 00:00Z', '$seen')"
is "notes that came meanwhile wait for the next time" "$(($(notes) > 0 && $(notes) < before))" 1
check "which is now" tsdb-admin maintain --metrics maintain.prom
like "its metrics tell how far rollups are stored" "$(cat maintain.prom)" '^sensorpipe_maintain_rollup_lag_seconds -?[0-9]+$'
like "and what was done" "$(cat maintain.prom)" '^sensorpipe_maintain_work\{kind="late"\} [1-9]'
is "then they are gone" "$(notes)" 0

# ---- what comes after its time ----

sql "SELECT drop_chunks('sensor_readings', older_than => '$(day_ago 69) 00:00Z'::timestamptz)" >/dev/null
check "readings older than 60 days are dropped" tsdb-admin policy set raw=60d
check "maintain" tsdb-admin maintain
check "and are to be kept for longer then" tsdb-admin policy set raw=90d
n=$(sql "SELECT count FROM readings_daily WHERE bucket = '$(day_ago 70) 00:00Z' ORDER BY sensor_id, metric_id")
late "$(fill 70 60)" >/dev/null
check "late readings of a day whose others are gone" tsdb-admin maintain
is "do not take its rollups away" \
	"$(sql "SELECT count FROM readings_daily WHERE bucket = '$(day_ago 70) 00:00Z' ORDER BY sensor_id, metric_id")" "$n"
is "nor leave notes" "$(notes)" 0
tsdb-admin status --json >status.json
is "status --json: what waits, policies" "$(jq -c '[.rollups.late_notes, (.policies | length)]' status.json)" '[0,5]'
finish
