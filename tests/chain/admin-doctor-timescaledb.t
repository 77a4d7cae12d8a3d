#!/bin/bash
# tsdb-admin doctor on TimescaleDB: the extension, its workers and its jobs.
# First build only: what it proves is SQL.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/timescaledb.sh"
. "$root/tests/lib/schema-checks.sh"
. "$root/tests/lib/doctor-checks.sh"

cleanup() {
	stop_timescaledb
}
start_timescaledb "$work/db" || skip_all "$timescaledb_reason"

fails "no schema" 78 tsdb-admin doctor
finds problem schema 'no sensorpipe schema'
mends schema
if [ -n "$timescaledb_wasm" ]; then
	finds warning workers 'there are none, timescaledb is not in shared_preload_libraries: maintain has to run the jobs'
	like "which says how to have some" "$mend" "^ALTER SYSTEM SET shared_preload_libraries = timescaledb;"
	sql "SET timescaledb.max_background_workers = 0"
	finds warning workers 'there are none, timescaledb.max_background_workers is 0'
	sql "SET timescaledb.max_background_workers = 16"
	finds problem jobs '8 of the jobs are overdue by 15 minutes or more: no background worker runs them'
	finds warning workers 'timescaledb.max_background_workers \(16\), parallel workers \([0-9]+\) and 3 of the'
	like "which says how many are wanted" "$mend" '^ALTER SYSTEM SET max_worker_processes = [0-9]+; '
	sql "RESET timescaledb.max_background_workers"
fi
tsdb-admin doctor --json >healthy.json 2>err
is "what concerns the schema is healthy" \
	"$(jq -r '.[] | select(.level == "ok") | .name' healthy.json | grep -xE 'schema|engine|rights|tables|jobs|late readings|policies|watermarks' | tr '\n' ' ')" \
	"schema engine rights tables jobs late readings policies watermarks "
is "no check fails" "$(grep -c 'cannot be checked' healthy.json)" 0
like "the engine is named" "$(jq -r '.[] | select(.name == "engine") | .found' healthy.json)" '^timescaledb 2\.'

# ---- jobs ----

job=$(sql "SELECT job_id FROM policy_jobs WHERE relation = 'sensor_readings' AND job = 'policy_retention'")
sql "SELECT alter_job($job, scheduled => false)" >/dev/null
finds warning jobs "policy_retention of sensor_readings \\($job\\) is switched off"
mends jobs

# Where no worker runs one, a job that failed is written down as they would.
if [ -n "$timescaledb_wasm" ]; then
	sql "INSERT INTO _timescaledb_internal.bgw_job_stat VALUES ($job, now() - interval '1 min', now(), now() + interval '1 day',
			'-infinity', false, 1, '1 min', '1 min', 0, 1, 0, 1, 0, 0);
		INSERT INTO _timescaledb_internal.bgw_job_stat_history (job_id, pid, execution_start, execution_finish, succeeded, data)
		VALUES ($job, 7, now() - interval '2 days', now() - interval '2 days', false, '{\"error_data\": {\"message\": \"not this\"}}'),
			($job, 8, now() - interval '1 min', now(), false, '{\"error_data\": {\"message\": \"disk full\", \"hint\": \"make room\"}}')"
	finds problem jobs "policy_retention of sensor_readings \\($job\\) failed: disk full. make room"
	is "which says how to run it" "$mend" "CALL run_job($job); -- once the cause is gone"
	check "and it runs" sql "$mend"
	sql "DELETE FROM _timescaledb_internal.bgw_job_stat"
else
	skip "a job that failed" "background workers write here, too"
fi

# ---- policies, notes, limits ----

check "policies that do not go together" sql "SELECT set_policy('compress', '100 days')"
finds warning policies 'readings are dropped before they are compressed'
mends policies
sql "INSERT INTO touched_hours SELECT date_trunc('hour', now()) - interval '50 days', 1, 1 FROM generate_series(1, 100001)"
finds warning "late readings" 'more than 100000 notes of them wait'
mends "late readings"
finish
