#!/bin/bash
# tsdb-admin maintain on PostgreSQL: stored rollups are those of the readings, whatever comes late and whoever interferes.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/schema-checks.sh"
one_day 120

cleanup() {
	services_end
}
services_begin "$work/db"
start_postgres fsync=off || skip_all "PostgreSQL does not start"

# hold STATEMENT: a transaction that runs it and stays open until `release`.
hold() {
	coproc HOLDER { psql -XqAt -v ON_ERROR_STOP=1; }
	holder=$HOLDER_PID hold_in=${HOLDER[1]} hold_out=${HOLDER[0]}
	printf 'BEGIN; %s;\n\\echo held\n' "$1" >&"$hold_in"
	while read -r line <&"$hold_out" && [ "$line" != held ]; do :; done
}
release() {
	printf 'COMMIT;\n\\q\n' >&"$hold_in"
	wait "$holder"
}

# An hour that ends during the test would be due: near its end, wait for it.
[ "$(date +%M%S)" -lt 5900 ] || sleep $((3601 - 10#$(date +%M) * 60 - 10#$(date +%S)))

free() {
	[ "$(sql "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")" = 0 ]
}

# ---- from a schema without stored rollups ----

tsdb-admin init --dry-run 2>/dev/null |
	awk '/^---- postgresql\/0050_/ { skip = 1 } /^SELECT make_partitions/ { skip = 0 } !skip' >old.sql
check "the schema as it was" psql -Xq -v ON_ERROR_STOP=1 -f old.sql
sql "SELECT make_partitions(date '$(date -u +%F)' - 4, date '$(date -u +%F)')" >made
sql "$(random_readings 20000 "now() - interval '6 days'" "now()")"
sql "INSERT INTO sensor_readings SELECT date_trunc('hour', now(), 'UTC') - n * interval '1 hour', n, 6, 1, 1
	FROM generate_series(0, 48) AS n" # on the limits of hours and days
fails "maintain wants the newest schema" 78 tsdb-admin maintain
like "and says how to get it" "$(cat err)" "lacks [0-9]+ steps: run 'tsdb-admin migrate'"
fails "so does policy" 78 tsdb-admin policy
check "the status of such a database" tsdb-admin status
before=$(sql "SELECT string_agg(concat(attname, ' ', atttypid::regtype), ', ' ORDER BY attrelid, attnum) FROM pg_attribute
	WHERE attrelid IN ('readings_hourly'::regclass, 'readings_daily'::regclass)")
check "migrate" tsdb-admin migrate
is "the views keep their columns" \
	"$(sql "SELECT string_agg(concat(attname, ' ', atttypid::regtype), ', ' ORDER BY attrelid, attnum) FROM pg_attribute
		WHERE attrelid IN ('readings_hourly'::regclass, 'readings_daily'::regclass)")" "$before"
is "nothing stored yet, the rollups are right" "$(wrong_rollups)" "0|0"

# ---- storing what is over ----

check "maintain" tsdb-admin maintain
like "says what it did" "$(cat err)" '^tsdb-admin: hourly buckets: [1-9][0-9]* stored, 0 computed again; partitions: [1-9][0-9]* made, 0 dropped'
is "up to an hour ago, and the days before today" \
	"$(sql "SELECT hourly_to > now() - interval '2 hours 1 minute', hourly_to <= now() - interval '1 hour',
		daily_to = date_trunc('day', hourly_to, 'UTC') FROM rollup_state")" "t|t|t"
is "the rollups are those of the readings" "$(wrong_rollups)" "0|0"
is "they are stored" \
	"$(sql "SELECT (SELECT count(*) FROM rollup_hourly) = (SELECT count(*) FROM readings_hourly, rollup_state WHERE bucket < hourly_to),
		(SELECT count(*) FROM rollup_daily) = (SELECT count(*) FROM readings_daily, rollup_state WHERE bucket < daily_to),
		(SELECT count(*) > 500 FROM rollup_hourly)")" "t|t|t"
is "maintain again has nothing to do" "$(tsdb-admin maintain --dry-run)" ""
check "and does nothing" tsdb-admin maintain
like "as it says" "$(cat err)" 'buckets: 0 stored, 0 computed again; partitions: 0 made, 0 dropped; old rows: 0 deleted'

tsdb-admin status --json >status.json
is "status --json: how far, what waits, policies" \
	"$(jq -c '[.rollups.lag_seconds < 7300, .rollups.late_notes, (.policies | map(.name + " " + .age))]' status.json)" \
	'[true,0,["raw 90 days","texts 90 days","hourly 180 days","daily 1 year","compress 7 days"]]'

# One series of the last day: by the key of the stored hours; of the readings only what is newer.
# (Tables as small as these are rather read whole, so that is ruled out.)
sql "ANALYZE"
sql "SET enable_seqscan TO off; EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT * FROM readings_hourly
	WHERE sensor_id = 1 AND metric_id = 1 AND bucket >= now() - interval '1 day'" >plan
like "stored hours are found by the key" "$(cat plan)" 'Index (Only )?Scan.* on rollup_hourly_[0-9]{6}|Bitmap Heap Scan on rollup_hourly_[0-9]{6}'
like "sensor and metric narrow the hours that are computed" "$(cat plan)" \
	'Cond: \(\(sensor_id = 1\) AND \(metric_id = 1\) AND \("?time"? >= '
is "partitions of readings that are rolled up are not read" \
	"$(grep "sensor_readings_$(date -u -d '4 days ago' +%Y%m%d)" plan | grep -vc 'never executed')" 0

# ---- what comes late ----

late "$(random_readings 300 "now() - interval '7 days'" "now()" 1)" >/dev/null
is "late readings wait to be rolled up" \
	"$(sql "SELECT count(*) > 200, bool_and(bucket + interval '1 hour' <= now()) FROM touched_hours")" "t|t"
like "status tells" "$(tsdb-admin status)" '^  late notes +[1-9]'
check "maintain computes their buckets again" tsdb-admin maintain
is "and the rollups are right" "$(wrong_rollups)" "0|0"
is "no note is left" "$(sql "SELECT count(*) FROM touched_hours")" 0

late "UPDATE sensor_readings SET value = value + 7, quality = 1 WHERE time < now() - interval '1 day' AND random() < 0.02" >/dev/null
late "DELETE FROM sensor_readings WHERE sensor_id = 3 AND time < date_trunc('day', now(), 'UTC') - interval '2 days'" >/dev/null
late "$(random_readings 50 "now() - interval '2 days'" "now()" 1)" >/dev/null
late "$(random_readings 50 "now() - interval '2 days'" "now()" 1)" >/dev/null
check "readings that were replaced or deleted" tsdb-admin maintain
is "count no more" "$(wrong_rollups)" "0|0"

# A note is seen no sooner than its rows, and one that is not committed yet waits.
hold "$(random_readings 1 "now() - interval '30 hours'" "now() - interval '30 hours'" 1);
	SELECT note_touched(ARRAY[now() - interval '30 hours'], '{1}', '{1}')"
sql "UPDATE rollup_state SET raw_from = '-infinity'" # anything due
check "maintain beside a writer" tsdb-admin maintain
release
is "leaves what was not committed" "$(sql "SELECT count(*) FROM touched_hours")" 1
late "UPDATE sensor_readings SET value = 1 WHERE time > now() - interval '31 hours'" >/dev/null
check "for the next time" tsdb-admin maintain
is "then it is rolled up" "$(wrong_rollups)" "0|0"

is "notes are for hours that are over" \
	"$(sql "SELECT note_touched(ARRAY[now(), now() + interval '1 day'], '{1,1}', '{1,1}')"
		sql "SELECT count(*) FROM touched_hours")" "
0"
createuser writer
tsdb-admin --quiet grant writer writer 2>/dev/null
check "a writer can note" psql -XqAt -U writer -v ON_ERROR_STOP=1 \
	-c "SELECT note_touched('{2026-01-01}', '{1}', '{1}')"
createuser reader
sql "GRANT SELECT ON readings_by_hour, readings_hourly TO reader"
check "a reader needs the views alone" psql -XqAt -U reader -v ON_ERROR_STOP=1 -c "TABLE readings_by_hour" -c "TABLE readings_hourly"


# The alarm of the manual page.
alarm=$(sed -n "s/^ *jq -e '\((.rollups.*\)'/\1/p" "$root/man/tsdb-admin.1")
check "the manual's alarm is silent" eval 'tsdb-admin status --json | jq -e "$alarm"'
fails "where rollups are too old it is not" 1 eval 'tsdb-admin status --json | jq ".rollups.lag_seconds = 15000" | jq -e "$alarm"'
fails "nor where there never were any" 1 eval 'tsdb-admin status --json | jq ".rollups.lag_seconds = null" | jq -e "$alarm"'

# ---- days in time zones ----

# Days of 23 and 25 hours in Berlin, and days that begin at another hour; kept for ever.
check "keep all" tsdb-admin policy set raw=never hourly=never daily=never
late "$(random_readings 500 "'2025-10-25'::timestamptz" "'2025-10-28'::timestamptz")" >/dev/null
late "$(random_readings 500 "'2026-03-28'::timestamptz" "'2026-03-31'::timestamptz")" >/dev/null
sql "TRUNCATE rollup_hourly, rollup_daily; UPDATE rollup_state SET hourly_to = DEFAULT, daily_to = DEFAULT, raw_from = DEFAULT"
tsdb-admin maintain --dry-run | PGTZ=Europe/Berlin psql -XqAt -v ON_ERROR_STOP=1 >done
like "what --dry-run prints can be run in another time zone" "$(cat done)" '^[1-9]'
is "with the same result" "$(wrong_rollups)" "0|0"
is "stored" "$(sql "SELECT count(*) > 100 FROM rollup_hourly WHERE bucket < '2026-04-01'")" t
is "there is nothing left to do" "$(tsdb-admin maintain --dry-run)" ""

# ---- in the way of others ----

# Somebody reads the table for long; all others go on, and maintain gives up in the end.
sql "DROP TABLE sensor_texts_$(date -u -d '7 days' +%Y%m%d), sensor_readings_$(date -u -d '7 days' +%Y%m%d)"
hold "SELECT count(*) FROM sensor_readings"
tsdb-admin maintain 2>maintain.err & maintain=$!
blocked=0 asked=0
while kill -0 $maintain 2>/dev/null; do
	PGOPTIONS="-c statement_timeout=3s" sql "SELECT count(*) FROM readings WHERE sensor = 'x'; SELECT count(*) FROM readings_by_day;
		$(random_readings 1 "now()" "now()" 1)" >/dev/null 2>blocked.err || blocked=$((blocked + 1))
	asked=$((asked + 1))
done
wait $maintain
is "a partition that is in use waits for another time" $? 75
like "which one is said" "$(cat maintain.err)" "make the partitions of $(date -u -d '7 days' +%F): in use; left for the next time"
is "nobody was held up ($asked asked)" "$blocked $((asked > 3))" "0 1"

tsdb-admin maintain 2>maintain.err & maintain=$!
wait_for 20 eval '! free'
check "a second one at the same time" tsdb-admin maintain
like "leaves it to the first" "$(cat err)" 'another maintain is at work: nothing done'
kill $maintain
wait $maintain
is "told to stop it ends" $? 0
like "with the count of what it did" "$(cat maintain.err)" 'stopped after 0 of 1 steps'
release
check "afterwards it works" tsdb-admin maintain
is "and the partition is there" "$(sql "SELECT to_regclass('sensor_readings_$(date -u -d '7 days' +%Y%m%d)') IS NOT NULL")" t

# A statement that takes long is cancelled.
late "UPDATE sensor_readings SET value = 2 WHERE time < now() - interval '5 days'" >/dev/null
sql "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NULL; END'
	;CREATE TRIGGER dawdle BEFORE DELETE ON touched_hours EXECUTE FUNCTION dawdle()"
asleep="[ \"\$(sql \"SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'\")\" = 1 ]"
tsdb-admin maintain 2>maintain.err & maintain=$!
wait_for 20 eval "$asleep"
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'" >/dev/null
wait $maintain
is "a connection that is lost ends it" $? 69
tsdb-admin maintain 2>maintain.err & maintain=$!
wait_for 20 eval "$asleep"
kill $maintain
wait $maintain
is "stopped in the middle of a statement" $? 0
is "it has done nothing of it" "$(sql "SELECT count(*) > 0 FROM touched_hours")" t
sql "DROP TRIGGER dawdle ON touched_hours"

# ---- read meanwhile ----

sql "TRUNCATE rollup_hourly, rollup_daily; UPDATE rollup_state SET hourly_to = DEFAULT, daily_to = DEFAULT, raw_from = DEFAULT"
tsdb-admin maintain 2>/dev/null & maintain=$!
: >looks
while kill -0 $maintain 2>/dev/null; do wrong_rollups >>looks; done
wait $maintain
is "while rollups are stored they are right at every look" "$(sort -u looks)" "0|0"

# ---- killed ----

sql "TRUNCATE rollup_hourly, rollup_daily; UPDATE rollup_state SET hourly_to = DEFAULT, daily_to = DEFAULT, raw_from = DEFAULT"
for delay in 0.02 0.03 0.05 0.06 0.08 0.1 0.12; do
	tsdb-admin maintain 2>/dev/null & maintain=$!
	sleep $delay
	kill -KILL $maintain 2>/dev/null
	wait $maintain 2>/dev/null
	wait_for 20 free
	late "$(random_readings 20 "now() - interval '7 days'" "now()" 1)" >/dev/null
done
check "after it was killed, again and again, it goes on" tsdb-admin maintain
is "and the rollups are right" "$(wrong_rollups)" "0|0"
is "no partition is half made" "$(sql "SELECT count(*) FROM pg_class AS c WHERE relkind = 'r'
	AND relname ~ '^(sensor|rollup)_.*\d{6}' AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = c.oid)")" 0
finish
