#!/bin/bash
# tsdb-admin grant on TimescaleDB: the roles suffice for hypertables, chunks, compressed ones, and rollups.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/timescaledb.sh"
. "$root/tests/lib/schema-checks.sh"

cleanup() {
	stop_timescaledb
}
start_timescaledb "$work/db" || skip_all "$timescaledb_reason"

# become ROLE: whoever connects to this server is the superuser of its one session, whose role stays.
# Where servers have many sessions, each is told its role.
become() {
	if [ -n "$timescaledb_wasm" ]; then sql "SET ROLE $1"; else export PGOPTIONS="-c role=$1"; fi
}
may_not() {
	local statement
	while read -r statement; do
		sql "$statement" >out 2>err
		like "$1 may not: $statement" "$(cat err)" '(permission denied|must be owner)'
	done
}
at() { # at TIME VALUE: a reading of the sensor s
	printf 'r1\t0\t%sZ\t%sZ\tclimate\ts\t1\tt=%s\tstate="%s"\n' "$1" "$1" "$2" "$2"
}

# The owner of a hypertable must be able to log in for jobs to run.
super=$(sql "SELECT current_user")
sql "CREATE ROLE keeper LOGIN; GRANT CREATE ON SCHEMA public TO keeper;
	CREATE ROLE gateway LOGIN; CREATE ROLE fixer LOGIN; CREATE ROLE viewer LOGIN; CREATE ROLE chief LOGIN"
become keeper
check "init by the owner" tsdb-admin init
become "$super"
for member in "writer gateway" "replacer fixer" "reader viewer" "admin chief"; do
	check "grant $member" tsdb-admin grant $member
	become "$super"
done

old=$(date -u -d '40 days ago' +%F)
become gateway
at "$(date -u +%FT%T)" 1 | check "writer: a new chunk" tsdb-copy --copy-min 1000000
at "${old}T00:00:00" 1 | check "writer: an old one" tsdb-copy --copy-min 1000000
may_not writer <<-'SQL'
	DELETE FROM sensor_readings
	UPDATE sensor_readings SET value = 0
	TABLE sensors
	DELETE FROM touched_hours
	SELECT reading_span()
	SELECT compress_chunk(show_chunks('sensor_readings'))
	SELECT drop_chunks('sensor_readings', older_than => now())
SQL
become keeper
check "the chunks are compressed" sql "SELECT compress_chunk(show_chunks('sensor_readings', older_than => now() - interval '7 days'))"
become gateway
at "${old}T00:00:01" 1 | check "writer: late, into a compressed chunk" tsdb-copy --copy-min 1000000
at "${old}T00:00:00" 1 | check "writer: a duplicate of a compressed row" tsdb-copy --copy-min 1000000
like "is told" "$(cat err)" 'duplicates 1'
at "${old}T00:00:00" 2 | check "writer: a conflict with one" tsdb-copy --copy-min 1000000 --reject conflict.x1
is "is told, too" "$(cut -f4 conflict.x1)" conflict
become fixer
at "${old}T00:00:00" 2 | check "replacer: replaces a compressed row" tsdb-copy --copy-min 1000000 --on-conflict replace
may_not replacer <<<"DELETE FROM sensor_readings"

become viewer
check "reader: reads all chunks" sql "TABLE readings"
is "also the compressed" "$(wc -l <out)" 3
check "reader: rollups" sql "SELECT * FROM readings_by_hour, readings_by_day, readings_latest"
check "reader: status" tsdb-admin status
check "reader: policy" tsdb-admin policy
is "reader: no table or view of the schema is left out" "$(sql "SELECT relname FROM pg_class
	WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v') AND relowner = 'keeper'::regrole
	AND NOT has_table_privilege('viewer', oid, 'SELECT')")" ""
may_not reader <<-'SQL'
	INSERT INTO metrics VALUES (1000, 'x')
	SELECT register_metrics('{a}')
	SELECT note_touched('{2026-01-01}', '{1}', '{1}')
	SELECT set_policy('raw', '1 day')
SQL

become chief
check "admin: policy set" tsdb-admin policy set raw=60d
become chief
check "admin: maintain" tsdb-admin maintain
become chief
check "admin: migrate" tsdb-admin migrate
become "$super"
is "jobs belong to the owner" "$(sql "SELECT DISTINCT owner FROM timescaledb_information.jobs WHERE hypertable_name IS NOT NULL")" keeper
finish
