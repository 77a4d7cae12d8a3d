#!/bin/bash
# Databases of every earlier version, with rows in them, become what a fresh one is, by migrate; also one that was killed.
# First build only: it is about SQL, which is the same in all builds.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/schema-checks.sh"
. "$root/tests/lib/upgrade-checks.sh"
one_day 120

cleanup() {
	services_end
}
services_begin "$work/db"
start_postgres fsync=off jit=off || skip_all "PostgreSQL does not start"
upgrade_begin postgresql
schema_of() { pg_dump --schema-only | grep -Ev '^(--|\\|$)'; }
reading() { # SENSOR: a record of now
	printf 'r1\t0\t%s\t%s\tpump\t%s\t1\tflow=1\n' "$now" "$now" "$1"
}

createdb fresh
export PGDATABASE=fresh
tsdb-admin --quiet init
fill_schema
tsdb-admin --quiet maintain
tsdb-admin --quiet grant 2>/dev/null # owned by a superuser, it says
facts >fresh.facts
rights >fresh.rights
schema_of >fresh.schema
like "a fresh database has rows" "$(cat fresh.facts)" '^readings\|3084 '

createuser gateway
for version in $releases; do
	createdb "v$version"
	export PGDATABASE=v$version
	check "$version: made" make_schema "$version"
	# A role that writes. Before there was `tsdb-admin grant` it had rights on the tables.
	sql "GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO gateway"
	if [ "$version" -ge 80 ]; then sql "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO gateway"; fi
	check "$version: filled" fill_schema
	is "$version: is what it is called" "$(sql "SELECT max(version) FROM schema_migrations")" "$version"
	check "$version: migrate" tsdb-admin migrate
	like "$version: a role that wrote to it still may" \
		"$(reading new | tsdb-copy -d user=gateway 2>&1)" 'received 1, stored 1, duplicates 0, rejected 0'
	sql "DELETE FROM sensor_readings WHERE sensor_id = 7; DELETE FROM latest_readings WHERE sensor_id = 7;
		DELETE FROM sensors WHERE sensor_id = 7; DELETE FROM ingest_watermarks WHERE source = 'default'"
	case $version in
	30 | 40) tsdb-admin --quiet policy set raw=60d ;; # there were no policies
	esac
	check "$version: maintain" tsdb-admin maintain
	check "$version: grant" tsdb-admin --quiet grant
	check_upgraded "$version"
	is "$version: the same schema" "$(schema_of | grep -v ' TO gateway;$' | diff fresh.schema -)" ""
	is "$version: migrate again does nothing" \
		"$(tsdb-admin migrate 2>&1 | grep -o ' 0 steps applied')" " 0 steps applied"
done
like "every step is behind a release, or new" "$(tail -n 1 <<<"${releases// /$'\n'}")" \
	"^($(sql "SELECT string_agg(version::text, '|') FROM schema_migrations"))$"

# ---- killed in between ----

createdb killed
export PGDATABASE=killed
make_schema 53
fill_schema
schema_of >before.schema
psql -Xq -c "BEGIN; LOCK TABLE sensor_readings; SELECT pg_sleep(60)" >/dev/null 2>&1 &
holder=$!
locks() { sql "SELECT count(*) FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
	WHERE l.relation = 'sensor_readings'::regclass AND $1"; }
wait_for 30 eval '[ "$(locks "l.granted AND l.mode = '"'AccessExclusiveLock'"'")" = 1 ]'
tsdb-admin migrate >/dev/null 2>&1 &
migrating=$!
check "a migration waits for a table in the midst of its steps" wait_for 30 eval '[ "$(locks "NOT l.granted")" = 1 ]'
{ kill -9 "$migrating" && wait "$migrating"; } 2>/dev/null
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)' AND pid <> pg_backend_pid()" >/dev/null
wait "$holder"
check "killed, it leaves the version as it was" wait_for 30 eval '[ "$(locks true)" = 0 ] &&
	[ "$(sql "SELECT max(version) FROM schema_migrations")" = 53 ]'
is "and the schema" "$(schema_of | diff before.schema -)" ""
check "migrate, once more" tsdb-admin migrate
check "maintain" tsdb-admin maintain
check "grant" tsdb-admin --quiet grant
check_upgraded "killed"

# ---- newer than the tool ----

sql "INSERT INTO schema_migrations (version, name, checksum) VALUES (9000, 'future', 'x')"
fails "tsdb-admin migrate refuses a newer schema" 78 tsdb-admin migrate
like "and says what to do" "$(cat err)" 'step 9000_future, which this tool does not know .*: use a newer tsdb-admin'
for command in init maintain grant 'policy set raw=30d'; do
	# shellcheck disable=SC2086
	fails "so does $command" 78 tsdb-admin $command
done
reading a >one.r1
fails "and tsdb-copy" 78 eval 'tsdb-copy <one.r1'
like "which says what to do" "$(cat err)" \
	"the database has schema version 9000, which this tool does not know \(its newest is [0-9]+\): use a newer tsdb-copy"
is "and stores nothing" "$(sql "SELECT count(*) FROM series_readings")" 3084
createuser writer
sql "GRANT sensorpipe_writer TO writer"
fails "also as a role that only writes" 78 eval 'tsdb-copy -d user=writer <one.r1'
for command in status 'watermark plant' policy; do
	# shellcheck disable=SC2086
	check "what only looks still can: $command" tsdb-admin $command
done
finish
