#!/bin/bash
# Each SQL of the dashboard of sensors returns rows on TimescaleDB, too.
# First build only: what the tools do here others try with sanitizers, and what the server takes.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/timescaledb.sh"
. "$root/tests/lib/dashboard-checks.sh"
one_day 30
cleanup() {
	stop_timescaledb
}
start_timescaledb "$work/db" || skip_all "$timescaledb_reason"
check "tsdb-admin init" tsdb-admin init
check "readings are stored" store_samples --copy-min 1000000
dashboard_checks
finish
