#!/bin/bash
# tsdb-admin doctor is silent on a healthy database, finds what is wrong with a schema, and its ways to mend it work.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/schema-checks.sh"
. "$root/tests/lib/doctor-checks.sh"
one_day 120

cleanup() {
	services_end
}
services_begin "$work/db"
start_postgres fsync=off || skip_all "PostgreSQL does not start"

# ---- without a database, without a schema ----

fails "no server" 69 tsdb-admin -d "host=$work/nothing" doctor
like "is told as a problem" "$(cat out)" '^problem  connection: .*/nothing/'
like "with a way out" "$(cat out)" '^    start the server'
fails "no such database" 78 tsdb-admin -d nowhere doctor --json
is "in JSON, too" "$(jq -r '.[] | .level + " " + .name + " " + .mend' out)" "problem connection createdb, and tsdb-admin init"
fails "no such role" 77 tsdb-admin -d user=nobody-here doctor
fails "no schema" 78 tsdb-admin doctor
like "is told as a problem" "$(cat out)" "^problem  schema: database 'sensorpipe' has no sensorpipe schema"
like "beside what can be told" "$(cat out)" '^ok       version: PostgreSQL '
finds problem schema "no sensorpipe schema"
mends schema

# ---- a healthy one ----

# Which it is not without fsync, as other tests and the rest of this one want it.
psql -Xq -c "ALTER SYSTEM SET fsync = on" -c "SELECT pg_reload_conf()" >/dev/null
safe() { [ "$(sql "SHOW fsync")" = on ]; }
check "fsync is on" wait_for 30 safe
check "a healthy database" tsdb-admin doctor
is "is silent" "$(grep -v '^ok ' out)" ""
like "but for the counts" "$(cat err)" '^tsdb-admin: checks: [0-9]+ ok, 0 warnings, 0 problems, 0 skipped$'
is "which add up" "$(sed 's/.*checks: \([0-9]*\) ok.*/\1/' err)" "$(wc -l <out)"
check "--quiet" tsdb-admin --quiet doctor
is "is quite silent" "$(cat out err)" ""
# Those that are named only when something is wrong, and those of another engine.
{
	tsdb-admin --quiet doctor --json | jq -r '.[].name'
	printf '%s\n' archiver indexes jobs "replication slots" workers
} | sort >made
sed -n '/^\.Ss Checks/,/^\.Ss What/s/^\.\(It \)\{0,1\}Ic \([a-z]\)/\2/p' "$root/man/tsdb-admin.1" | sed 's/ , /\n/g' |
	sort >described
is "all checks are in the manual, and all of the manual are made" "$(diff described made)" ""
sql "$(random_readings 5000 "now() - interval '20 hours'" "now()")"
check "maintain" tsdb-admin --quiet maintain
check "with readings in it" tsdb-admin --quiet doctor
is "nothing is wrong either" "$(cat out err)" ""
now=$(sql "SELECT txid_current()")
tsdb-admin --quiet doctor >out
is "looking changes nothing" "$(($(sql "SELECT txid_current()") - now))" 1
sql "INSERT INTO ingest_watermarks VALUES ('it''s old', 7, now() - interval '3 days'), ('fresh', 7, now())"
check "a warning is no failure" tsdb-admin --quiet doctor
is "but is told, with a way to mend it" "$(cat out)" "warning  watermarks: source it's old committed nothing for 3 days
    DELETE FROM ingest_watermarks WHERE source = 'it''s old'; -- if it is gone for good, else start it"
finds warning watermarks "source it's old committed nothing for 3 days"
mends watermarks
is "only that source is forgotten" "$(sql "SELECT source FROM ingest_watermarks")" fresh
psql -Xq -c "ALTER SYSTEM RESET fsync" -c "SELECT pg_reload_conf()" >/dev/null

# ---- the schema ----

sql "UPDATE schema_migrations SET checksum = repeat('0', 64) WHERE version = 30"
finds problem schema 'step 0030_names differs'
sql "DELETE FROM schema_migrations WHERE name = 'names';
	DROP VIEW readings, readings_text, readings_latest, readings_by_hour, readings_by_day"
finds problem schema 'lacks 1 steps of this tool'
mends schema
sql "INSERT INTO schema_migrations VALUES (9000, 'future', 'x')"
finds problem schema 'step 9000_future, which this tool does not know'
sed -n '/^tsdb-admin.*doctor --json |/,/^\.Ed/{/^\.Ed/!p}' "$root/man/tsdb-admin.1" | sed 's/-d sensors //' >example.sh
is "the manual's list of problems" "$(sh example.sh 2>/dev/null | sed 's/:.*//' | tr '\n' ' ')" "schema fsync "
sql "DELETE FROM schema_migrations WHERE name = 'future'"

createdb faults
psql -Xq -d faults -v ON_ERROR_STOP=1 -c "INSERT INTO pg_extension VALUES (99999, 'timescaledb', 10, 2200, false, '', NULL, NULL)"
PGDATABASE=faults tsdb-admin --quiet init --engine postgresql
export PGDATABASE=faults
sql "UPDATE schema_settings SET engine = 'timescaledb-apache'"
for version in 2.2.1 2.9.3 2.11.2; do
	sql "UPDATE pg_extension SET extversion = '$version' WHERE oid = 99999"
	finds problem engine "timescaledb $version is older than 2.12"
done
for version in 2.16.0 2.16.1 2.17.2 2.18.0 2.18.0-dev; do
	sql "UPDATE pg_extension SET extversion = '$version' WHERE oid = 99999"
	finds problem engine "timescaledb $version loses rows"
done
for version in 2.12.0 2.15.3 2.18.1 2.20.0 3.0.0; do
	sql "UPDATE pg_extension SET extversion = '$version' WHERE oid = 99999"
	is "timescaledb $version is not known for that" "$(tsdb-admin --quiet doctor --json | jq -r '.[] | select(.name == "engine" and .level == "problem")')" ""
done
finds warning engine 'the Apache edition'
sql "DELETE FROM pg_extension WHERE oid = 99999"
finds problem engine 'which the schema is made for, is not in this database'
export PGDATABASE=sensorpipe

# ---- rights ----

createuser "it's me"
PGUSER="it's me" finds problem rights "role 'it'\\\\''s me' may neither store nor read"
mends rights "it's me"
createuser partial
sql "GRANT INSERT ON sensor_readings TO partial"
PGUSER=partial finds problem rights 'role partial stores readings, but lacks .*EXECUTE on note_touched'
PGUSER=partial is "what cannot be read is skipped" \
	"$(PGUSER=partial tsdb-admin --quiet doctor --json | jq -r '.[] | select(.level == "skipped") | .name' | tr '\n' ' ')" "schema transactions "
mends rights partial
createuser stranger
sql "ALTER TABLE sensor_texts_default OWNER TO stranger"
finds problem owner 'sensor_texts_default belongs to stranger'
mends owner

# ---- tables ----

sql "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'sensors_name'::regclass"
finds problem indexes 'sensors_name of sensors is not valid'
mends indexes
sql "ALTER TABLE ingest_watermarks SET UNLOGGED"
finds problem tables 'ingest_watermarks is unlogged'
mends tables
sql "CREATE TABLE bulk (n int) WITH (autovacuum_enabled = off)"
sql "INSERT INTO bulk SELECT generate_series(1, 150000)"
sql "DELETE FROM bulk"
counted() { [ "$(sql "SELECT count(*) FROM pg_stat_user_tables WHERE n_dead_tup > 100000")" = 1 ]; }
check "the server counts dead rows" wait_for 30 counted
finds warning "dead rows" '150000 of bulk'
mends "dead rows"

# ---- what maintain does ----

today=$(sql "SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD')")
tomorrow=$(sql "SELECT to_char(now() AT TIME ZONE 'UTC' + interval '1 day', 'YYYYMMDD')")
sql "DROP TABLE sensor_readings_$tomorrow"
finds warning partitions "there are none for $(date -u -d "$tomorrow" +%F)"
sql "DROP TABLE sensor_texts_$today"
finds problem partitions "there are none for $(date -u -d "$today" +%F), "
mends partitions
sql "INSERT INTO sensor_readings SELECT now() - interval '20 days' + n * interval '1 ms', n, 1, 1, 1
	FROM generate_series(1, 100001) AS n"
finds warning partitions 'the default one holds more than 100000 rows'
mends partitions
sql "UPDATE rollup_state SET hourly_to = hourly_to - interval '4 hours'"
finds warning rollups 'stored up to 0?[56]:..:00 before now: maintain does not run'
sql "UPDATE rollup_state SET hourly_to = hourly_to - interval '2 days'"
finds problem rollups 'stored up to 2 days .* before now: maintain does not run'
sql "UPDATE rollup_state SET hourly_to = '-infinity'; SELECT register_sensors('{t}', '{s}', '{1}');
	UPDATE sensors SET first_seen = now() - interval '4 hours'; TRUNCATE rollup_hourly, rollup_daily" >out
finds problem rollups 'none is stored: maintain never ran'
mends rollups
sql "INSERT INTO touched_hours SELECT date_trunc('hour', now()) - interval '5 hours', 1, 1 FROM generate_series(1, 100001)"
finds warning "late readings" 'more than 100000 notes of them wait'
mends "late readings"
sql "UPDATE policies SET value = '200 days' WHERE name = 'raw'"
finds problem policies 'are kept longer than what is made of them'
mends policies
is "by what takes the least" "$(tsdb-admin policy --json | jq -r '.[] | .name + "=" + .age' | grep -E 'raw|hourly|daily' | tr '\n' ' ')" \
	"raw=200 days hourly=200 days daily=366 days "

# ---- what blocks it ----

psql -XqAt -c "BEGIN; LOCK TABLE ingest_watermarks; SELECT pg_sleep(600)" >lock.out 2>&1 &
locked() { [ "$(sql "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock'")" = 1 ]; }
check "a table is locked" wait_for 30 locked
finds problem watermarks 'cannot be checked: canceling statement due to lock timeout'
mends watermarks
wait
finish
