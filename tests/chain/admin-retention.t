#!/bin/bash
# tsdb-admin policy and the retention of tsdb-admin maintain on PostgreSQL: readings go, what was made of them stays.
# First build only: what it proves is SQL.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/schema-checks.sh"
one_day 120

cleanup() {
	services_end
}
services_begin "$work/db"
start_postgres fsync=off || skip_all "PostgreSQL does not start"
[ "$(date +%M%S)" -lt 5900 ] || sleep $((3601 - 10#$(date +%M) * 60 - 10#$(date +%S)))
tsdb-admin init 2>/dev/null

# day_ago DAYS: the date (UTC).
day_ago() {
	date -u -d "$1 days ago" +%F
}
# fill DAYS N: so many readings of the day so many days ago.
fill() {
	sql "$(random_readings "$2" "'$(day_ago "$1") 00:00Z'::timestamptz" "'$(day_ago "$1") 23:59Z'::timestamptz" 1)"
}
# state DAYS: readings, hours and days stored of that day.
state() {
	sql "SELECT (SELECT count(*) FROM series_readings WHERE date_trunc('day', time, 'UTC') = '$(day_ago "$1") 00:00Z'),
		(SELECT sum(count) FROM readings_hourly WHERE date_trunc('day', bucket, 'UTC') = '$(day_ago "$1") 00:00Z'),
		(SELECT sum(count) FROM readings_daily WHERE bucket = '$(day_ago "$1") 00:00Z')"
}

# ---- policies ----

is "the defaults" "$(tsdb-admin policy --json | jq -r '.[] | .name + "=" + .age' | tr '\n' ' ')" \
	"raw=90 days texts=90 days hourly=180 days daily=1 year compress=7 days "
like "for people" "$(tsdb-admin policy)" '^  daily +1 year +rollups by day are dropped'
is "policy set --dry-run is a diff" "$(tsdb-admin policy set --dry-run raw=8w hourly=1y daily=1y texts=36h 2>&1)" \
	"-raw 90 days
+raw 8 weeks
-hourly 180 days
+hourly 1 year
-texts 90 days
+texts 36 hours"
fails "what does not go together is refused" 78 tsdb-admin policy set raw=181d
like "naming what" "$(cat err)" 'raw \(181 days\) is to be kept no longer than hourly \(180 days\)'
check "together it goes" tsdb-admin policy set raw=181d hourly=200d
like "saying what changed" "$(cat err)" 'policy raw: was 90 days, is 181 days'
check "back again" tsdb-admin policy set raw=90d hourly=180d
check "what is so already" tsdb-admin policy set raw=90d daily=1y
like "is said to be" "$(cat err)" 'the policies are as asked for'
check "compression never" tsdb-admin policy set compress=never
like "is no packing" "$(cat err)" 'policy compress: was 7 days, is never'
check "back again" tsdb-admin policy set compress=7d

# ---- what is old goes ----

sql "SELECT make_partitions('$(day_ago 101)', '$(day_ago 99)'), make_partitions('$(day_ago 91)', '$(day_ago 89)')" >made
for days in 500 230 101 100 91 90 89 2; do fill $days 400; done
sql "INSERT INTO sensor_texts SELECT time, 'x', sensor_id, metric_id, 1 FROM sensor_readings"
n=$(sql "SELECT count(*) FROM sensor_readings WHERE time < '$(day_ago 100)'::timestamp AT TIME ZONE 'UTC' AND time >= '$(day_ago 101)'::timestamp AT TIME ZONE 'UTC'")
check "maintain" tsdb-admin maintain
like "drops days and deletes rows" "$(cat err)" 'partitions: [1-9][0-9]* made, 8 dropped; old rows: [1-9][0-9]{2,} deleted'
is "101 days ago: the readings are gone, the rollups there" "$(state 101)" "0|$n|$n"
is "230 days ago: the days are there" "$(state 230 | sed 's/[1-9][0-9]*$/n/')" "0||n"
is "500 days ago: nothing" "$(state 500)" "0||"
is "90 days ago: all" "$(state 90 | tr '|' '\n' | sort -u | wc -l) $(($(state 90 | cut -d'|' -f1) > 300))" "1 1"
is "texts go as well" "$(sql "SELECT min(time) >= '$(day_ago 90) 00:00Z', count(*) > 900 FROM sensor_texts")" "t|t"
is "partitions of old days are gone" "$(sql "SELECT min(right(relname, 8)) FROM pg_class WHERE relname ~ '^sensor_(readings|texts)_\d+$'")" \
	"$(date -u -d '90 days ago' +%Y%m%d)"
is "maintain again has nothing to do" "$(tsdb-admin maintain --dry-run)" ""

# ---- what comes after its time ----

late "$(random_readings 100 "'$(day_ago 101) 00:00Z'::timestamptz" "'$(day_ago 101) 23:00Z'::timestamptz" 1)" >/dev/null
late "$(random_readings 100 "'$(day_ago 230) 00:00Z'::timestamptz" "'$(day_ago 230) 23:00Z'::timestamptz" 1)" >/dev/null
days230=$(state 230 | cut -d'|' -f3)
check "readings of a day whose others are gone" tsdb-admin maintain
is "change no rollup, and go" "$(state 101) $(state 230)" "0|$n|$n 0||$days230"
is "their notes too" "$(sql "SELECT count(*) FROM touched_hours")" 0

# Readings are to be kept longer from now on; that does not bring back those that are gone.
check "readings to be kept for longer" tsdb-admin policy set raw=1y hourly=1y
late "$(random_readings 100 "'$(day_ago 101) 00:00Z'::timestamptz" "'$(day_ago 101) 23:00Z'::timestamptz" 1)" >/dev/null
check "maintain with the longer age" tsdb-admin maintain
is "such readings stay now, but the rollups made of all are kept" "$(state 101 | sed 's/^[1-9][0-9]*/n/')" "n|$n|$n"
late "$(random_readings 100 "'$(day_ago 89) 00:00Z'::timestamptz" "'$(day_ago 89) 23:00Z'::timestamptz" 1)" >/dev/null
check "while days of which all is there" tsdb-admin maintain
is "are computed again" "$(state 89 | tr '|' '\n' | sort -u | wc -l)" 1

# Shorter: nothing is dropped before it is rolled up.
fill 60 200
n60=$(state 60 | cut -d'|' -f1)
sql "UPDATE rollup_state SET hourly_to = '$(day_ago 70) 00:00Z', daily_to = '$(day_ago 70) 00:00Z';
	DELETE FROM rollup_hourly WHERE bucket >= '$(day_ago 70) 00:00Z'; DELETE FROM rollup_daily WHERE bucket >= '$(day_ago 70) 00:00Z'"
is "a day that is to be dropped cannot be before its time" \
	"$(sql "SELECT drop_partition('sensor_readings', 'sensor_readings_$(date -u -d '2 days ago' +%Y%m%d)', '$(day_ago 1) 00:00Z')")" f
check "readings to be kept for 30 days" tsdb-admin policy set raw=30d
check "maintain where much is to be rolled up first" tsdb-admin maintain
is "has rolled up what it dropped" "$(state 60)" "0|$n60|$n60"

# ---- the default partition ----

sql "INSERT INTO sensor_readings SELECT '$(day_ago 20) 00:00Z'::timestamptz + i * interval '1 s', i, 9, 9, 1
	FROM generate_series(1, 12300) AS i"
sql "SELECT note_touched(ARRAY(SELECT '$(day_ago 20) 00:00Z'::timestamptz + i * interval '1 hour' FROM generate_series(0, 3) AS i),
	'{9,9,9,9}', '{9,9,9,9}')" >/dev/null
check "many rows of a day without a partition" tsdb-admin maintain
is "get one" "$(sql "SELECT tableoid::regclass, count(*) FROM sensor_readings WHERE sensor_id = 9 GROUP BY 1")" \
	"sensor_readings_$(date -u -d '20 days ago' +%Y%m%d)|12300"
sql "DROP TABLE sensor_readings_$(date -u -d yesterday +%Y%m%d);
	INSERT INTO sensor_readings SELECT '$(day_ago 1) 00:00Z'::timestamptz + i * interval '0.3 s', i, 9, 9, 1
	FROM generate_series(1, 250001) AS i"
check "too many" tsdb-admin maintain
like "are left to the operator, with the way out" "$(cat err)" \
	"sensor_readings_default holds 250001 rows of $(day_ago 1), too many.* SELECT make_partitions\('$(day_ago 1)', '$(day_ago 1)'\)"
finish
