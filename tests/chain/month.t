#!/bin/bash
# A month of 50,000 readings on PostgreSQL: loaded, rolled up, compressed, late, dropped; the rollups are right after every step.
# First build only: what it proves is SQL.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/timescaledb.sh"
. "$root/tests/lib/month.sh"
cleanup() {
	month_cleanup
}
month_run postgresql 50000
finish
