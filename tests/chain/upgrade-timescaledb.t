#!/bin/bash
# As upgrade.t, on TimescaleDB: hypertables, compressed chunks and continuous aggregates of earlier versions.
# First build only: it is about SQL, which is the same in all builds.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/timescaledb.sh"
. "$root/tests/lib/schema-checks.sh"
. "$root/tests/lib/upgrade-checks.sh"
one_day 120

cleanup() {
	stop_timescaledb
}
start_timescaledb "$work/db" || skip_all "$timescaledb_reason"
sql "CREATE EXTENSION IF NOT EXISTS timescaledb" 2>/dev/null
upgrade_begin timescaledb

# The server may have one database only: each schema makes room for the next one.
forget_schema() {
	PGOPTIONS='-c client_min_messages=error' psql -XqAt -v ON_ERROR_STOP=1 -o /dev/null <<-'END_OF_SQL'
		DROP MATERIALIZED VIEW IF EXISTS readings_daily CASCADE;
		DROP MATERIALIZED VIEW IF EXISTS readings_hourly CASCADE;
		DO $$
		DECLARE
			r record;
		BEGIN
			FOR r IN
				SELECT CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END AS kind, relname FROM pg_class AS c
				WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')
				AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e')
			LOOP
				EXECUTE format('DROP %s IF EXISTS %I CASCADE', r.kind, r.relname);
			END LOOP;
			FOR r IN
				SELECT p.oid::regprocedure AS id FROM pg_proc AS p
				WHERE pronamespace = 'public'::regnamespace
				AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
			LOOP
				EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', r.id);
			END LOOP;
		END
		$$;
	END_OF_SQL
}
# What its policies did with the rows before the upgrade.
run_policies() {
	sql "CALL refresh_continuous_aggregate('readings_hourly', NULL, now() - interval '2 days')" &&
		sql "CALL refresh_continuous_aggregate('readings_daily', NULL, now() - interval '2 days')" &&
		sql "SELECT count(compress_chunk(c)) FROM show_chunks('sensor_readings', older_than => interval '7 days') AS c"
}

tsdb-admin --quiet init
fill_schema
run_policies >/dev/null
tsdb-admin --quiet maintain
tsdb-admin --quiet grant 2>/dev/null # owned by a superuser, it says
facts >fresh.facts
rights >fresh.rights
like "a fresh database has rows" "$(cat fresh.facts)" '^readings\|3084 '
for version in $releases; do
	forget_schema
	check "$version: made" make_schema "$version"
	check "$version: filled" fill_schema
	check "$version: its policies run" run_policies
	is "$version: a chunk is compressed" "$(tail -n 1 out)" 1
	is "$version: no step is newer" "$(sql "SELECT max(version) <= $version FROM schema_migrations")" t
	check "$version: migrate" tsdb-admin migrate
	case $version in
	30 | 40) tsdb-admin --quiet policy set raw=60d ;; # there was no command for policies
	esac
	check "$version: maintain" tsdb-admin maintain
	check "$version: grant" tsdb-admin --quiet grant
	check_upgraded "$version"
done
finish
