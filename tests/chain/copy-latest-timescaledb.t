#!/bin/bash
# readings_latest is what a look at all readings gives, on TimescaleDB: stored, replaced, repaired, migrated.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/timescaledb.sh"
. "$root/tests/lib/schema-checks.sh"
. "$root/tests/lib/latest-checks.sh"
cleanup() { stop_timescaledb; }
start_timescaledb "$work/db" || skip_all "$timescaledb_reason"

check_migration
# COPY crashes the WebAssembly server: there everything goes the way of small batches.
if [ -z "$timescaledb_wasm" ]; then check_latest --copy-min 1; else check_latest --copy-min 1000000; fi
check_repair
check_silent
finish
