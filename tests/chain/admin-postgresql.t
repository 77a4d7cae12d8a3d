#!/bin/bash
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/schema-checks.sh"
one_day 120

# The schema on PostgreSQL without extensions: steps, partitions, views, and what init refuses.

cleanup() {
	services_end
}
services_begin "$work/db"
start_postgres fsync=off || skip_all "PostgreSQL does not start"

# schema_of DATABASE: its schema as SQL, without the lines that differ from dump to dump.
schema_of() {
	pg_dump --schema-only -d "$1" | grep -Ev '^(--|\\|$)'
}

# ---- without a schema, without a server ----

fails "status without a schema says what to do" 78 tsdb-admin status
like "naming the command" "$(cat err)" "database 'sensorpipe' has no sensorpipe schema: run 'tsdb-admin init'"
fails "watermark without a schema" 78 tsdb-admin watermark x
fails "migrate without a schema" 78 tsdb-admin migrate
fails "no such database" 78 tsdb-admin -d nowhere status
fails "no such role" 77 tsdb-admin -d user=nobody-here status
fails "no server" 69 tsdb-admin -d "host=$work/nothing" status

# ---- init ----

tsdb-admin init --dry-run >init.sql 2>dry.err
is "--dry-run creates nothing" "$(sql "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")" 0
fails "init --engine timescaledb where there is none" 78 tsdb-admin init --engine timescaledb
like "naming what is missing" "$(cat err)" 'engine timescaledb: the extension timescaledb is not available on this server'

for n in 1 2 3 4; do
	tsdb-admin init 2>"init.$n" &
	pids[n]=$!
done
for n in 1 2 3 4; do
	check "init, four at once: number $n succeeds" wait "${pids[n]}"
done
is "init, four at once: one of them applied the steps" \
	"$(grep -hoE '[0-9]+ steps applied' init.[1-4] | grep -vc '^0 ')" 1
like "init says which engine and why" "$(cat init.[1-4])" \
	'engine postgresql: the extension timescaledb is not available on this server'
schema_of sensorpipe >first.schema
check "init again" tsdb-admin init
is "init again changes nothing" "$(schema_of sensorpipe | diff first.schema -)" ""
check "--quiet is quiet" tsdb-admin --quiet init
is "--quiet: nothing on stderr" "$(cat err)" ""

createdb dry
check "what --dry-run printed applies with psql" psql -XqAt -v ON_ERROR_STOP=1 -d dry -f init.sql
is "to the same schema" "$(schema_of dry | diff first.schema -)" ""
is "with the same steps" \
	"$(psql -XqAt -d dry -c "SELECT version, name, checksum FROM schema_migrations ORDER BY 1")" \
	"$(sql "SELECT version, name, checksum FROM schema_migrations ORDER BY 1")"

createuser plain
createdb -O plain plain
check "a role without privileges but owner of the database can init" \
	tsdb-admin -d "user=plain dbname=plain" init
check "and ask for the status" tsdb-admin -d "user=plain dbname=plain" status
createuser other
fails "another role may not init there" 77 tsdb-admin -d "user=other dbname=plain" init

# ---- what it is for ----

check_register
fill_readings
check_views
check_watermark
check_status postgresql

# The queries of the manual page.
sed -n '/^\.Bd/,/^\.Ed/{/^\(SELECT\|WITH\)/,/;$/p}' "$root/man/sensorpipe-schema.7" >examples.sql
is "the manual page has queries" "$(grep -cE 'FROM (named_)?readings' examples.sql)" 4
check "and they run" psql -Xq -v ON_ERROR_STOP=1 -f examples.sql

# ---- partitions ----

today=$(sql "SELECT (now() AT TIME ZONE 'UTC')::date")
is "init made the days from yesterday to a week ahead" \
	"$(tsdb-admin status --json | jq -c '.partitions | map([.table, .partitions, .first_day, .last_day])')" \
	"$(sql "SELECT format('[[\"sensor_readings\",9,\"%s\",\"%s\"],[\"sensor_texts\",9,\"%1\$s\",\"%2\$s\"]]',
		date '$today' - 1, date '$today' + 7)")"
is "days not made are in the default partition" "$(sql "SELECT count(*) FROM sensor_readings_default")" 8
is "make_partitions makes what is missing" "$(sql "SELECT make_partitions('2026-01-09', '2026-01-10')")" 4
is "once" "$(sql "SELECT make_partitions('2026-01-09', '2026-01-10')")" 0
is "and moves the rows of those days" \
	"$(sql "SELECT tableoid::regclass, count(*) FROM sensor_readings GROUP BY 1 ORDER BY 2 DESC")" \
	"sensor_readings_20260110|7
sensor_readings_default|1"
is "of both tables" "$(sql "SELECT tableoid::regclass FROM sensor_texts")" sensor_texts_20260110
check_rollups "rollups after the move"
is "no day is a different day in another time zone" \
	"$(PGTZ=Pacific/Kiritimati sql "SELECT make_partitions('2026-01-11', '2026-01-11')" &&
		sql "SELECT tableoid::regclass, time FROM sensor_readings WHERE time > '2026-01-11'")" \
	"2
sensor_readings_20260111|2026-01-11 12:00:00+00"
fails "more than ten years in one call are refused" 1 \
	psql -XqAt -c "SELECT make_partitions('0001-01-01', '2026-01-01')"

# Writers go on while days are made; nothing of theirs is lost or in the wrong place.
for n in 1 2 3 4 5 6; do
	echo "INSERT INTO sensor_readings SELECT t, 1, 100 + $n, 9, 1 FROM generate_series(
		'2026-02-01'::timestamptz, '2026-02-20 23:00Z', '1 hour') AS t;"
done >writer.sql
psql -Xq -v ON_ERROR_STOP=1 -f writer.sql & writer=$!
sql "SELECT make_partitions('2026-02-01', '2026-02-10')" >made.1 & maker=$!
sql "SELECT make_partitions('2026-02-05', '2026-02-15')" >made.2
check "two make days at once while a third writes" eval "wait $writer && wait $maker"
is "every day is made once" "$(($(cat made.1) + $(cat made.2)))" 30
is "every row is there" "$(sql "SELECT count(*) FROM sensor_readings WHERE metric_id = 9")" 2880
is "and none that has a day is in the default partition" \
	"$(sql "SELECT count(*) FROM sensor_readings_default WHERE time < '2026-02-16'")" 0

# ---- ids under concurrency ----

for n in 1 2 3 4 5 6 7 8; do
	sql "SELECT count(*) FROM register_sensors(ARRAY(SELECT 'load' FROM generate_series(1, 300)),
		ARRAY(SELECT 'n' || i FROM generate_series($n, $n + 299) AS i ORDER BY random()), '{}')" >"ids.$n" &
	pids[n]=$!
done
check "eight writers register overlapping sensors at once" wait "${pids[@]:1:8}"
is "each of them got an id for every name" "$(sort -u ids.[1-8])" 300
is "every name has one id, and the ids have no gaps" \
	"$(sql "SELECT count(*), max(sensor_id) - min(sensor_id) + 1 FROM sensors WHERE type = 'load'")" "307|307"
sql "INSERT INTO metrics (metric_id, name) VALUES (32766, 'nearly the last')"
is "the last metric id is given" "$(sql "SELECT * FROM register_metrics('{last}')")" 32767
fails "then registering says that all are used up" 1 \
	psql -Xq -c "SELECT * FROM register_metrics('{on,one more}')"
like "naming the metric" "$(cat err)" 'no metric id is left for "one more": all 32767 are used up'
is "while known metrics are still found" "$(sql "SELECT * FROM register_metrics('{on}')")" 2
fails "a name over 255 bytes is refused" 1 \
	psql -Xq -c "SELECT * FROM register_sensors('{t}', ARRAY[repeat('x', 256)], '{}')"

# ---- migrate ----

sql "DROP VIEW readings, readings_text, readings_latest, readings_by_hour, readings_by_day;
	DELETE FROM schema_migrations WHERE name = 'names'"
is "status counts missing steps" "$(tsdb-admin status --json | jq .database.missing_steps)" 1
like "migrate --dry-run shows them" "$(tsdb-admin migrate --dry-run --quiet)" 'CREATE VIEW readings_latest'
check "migrate applies them" tsdb-admin migrate
is "all of them" "$(tsdb-admin status --json | jq .database.missing_steps)" 0
check_rollups "views after migrate"

sql "INSERT INTO schema_migrations (version, name, checksum) VALUES (9000, 'future', 'x')"
fails "a database newer than the tool is refused" 78 tsdb-admin migrate
like "naming the step" "$(cat err)" 'step 9000_future, which this tool does not know'
check "but its status can be read" tsdb-admin status
sql "DELETE FROM schema_migrations WHERE version = 9000;
	UPDATE schema_migrations SET checksum = reverse(checksum) WHERE name = 'register'"
fails "a step that differs is refused" 78 tsdb-admin init
like "naming the step" "$(cat err)" 'step 0003_register differs'

# ---- a table of that name is in the way ----

createdb taken
psql -Xq -d taken -c 'CREATE TABLE metrics (x int)'
fails "init where a name is taken" 78 tsdb-admin -d taken init
like "naming it" "$(cat err)" 'common/0002_catalog.sql: relation "metrics" already exists'
is "leaves nothing behind" "$(psql -XqAt -d taken -c "SELECT relname FROM pg_class
	WHERE relnamespace = 'public'::regnamespace")" metrics
finish
