#!/bin/bash
# Queries on PostgreSQL: what they give is what plain SQL gives, whatever the names, the source, the format.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/query-checks.sh"

cleanup() { services_end; }
services_begin "$work/services"
start_postgres fsync=off || skip_all "PostgreSQL does not start"

fails "no schema" 78 tsdb-query
like "says what to do" "$(cat err)" "run 'tsdb-admin init'"
fails "no such database" 78 tsdb-query -d nowhere
fails "no such role" 77 tsdb-query -d user=nobody-here
check "tsdb-admin init" tsdb-admin init --quiet
check "an empty database has nothing" tsdb-query
is "but names of columns" "$(wc -l <out)" 1
fails "and no sensor" 66 tsdb-query --sensor x
like "which it says" "$(cat err)" "there is no sensor 'x'"

fill_query_data
sql "SELECT make_partitions('2026-01-10', '2026-01-11')" >/dev/null
sql "ANALYZE"
check_aggregates

# Rollups that are stored up to an hour on the third day, the readings of which are there, too.
sql "UPDATE policies SET value = NULL"
check "tsdb-admin maintain stores rollups" tsdb-admin maintain --quiet
sql "UPDATE rollup_state SET hourly_to = '2026-01-12 15:00Z', daily_to = '2026-01-12'"
check_aggregates
tsdb-query --from 2026-01-10T10:30:00Z --to 2026-01-12T19:59:59Z --agg avg --bucket 1d --explain >out 2>err
is "--explain tells what is read from where" "$(sed -nE 's/^tsdb-query: (raw|hourly|daily) from ([0-9-]*)T(..:..):00.000000Z.*/\1 \2 \3/p' err)" \
	"raw 2026-01-10 10:30
hourly 2026-01-10 11:00
daily 2026-01-11 00:00
hourly 2026-01-12 00:00
raw 2026-01-12 15:00"
sql "UPDATE rollup_state SET hourly_to = '-infinity', daily_to = '-infinity'"

check_names
check_readings
check_fill
check_points
check_records

check "records are taken again" tsdb-copy --reject copy.x1 <records
like "all of them duplicates" "$(cat err)" "stored 0, duplicates $(wc -l <records), rejected 0"

# ---- rollups ----

tsdb-query --from 2026-01-10 --to 2026-01-12 --agg avg --bucket 1h --explain >out 2>err
like "what is not stored is no help" "$(cat err)" 'raw from .*'
like "which is told" "$(cat err)" 'source: no rollup of this span is stored'
# As an engine has them that keeps them; and marked, so that it shows who reads them.
sql "ALTER VIEW readings_daily RENAME TO computed_daily;
	ALTER VIEW readings_hourly RENAME TO computed_hourly;
	CREATE TABLE readings_hourly AS SELECT * FROM computed_hourly;
	CREATE TABLE readings_daily AS SELECT * FROM computed_daily;"
check_buckets 1h "$hour" 2026-01-10T03:17:00Z 2026-01-12T19:59:59Z
check_buckets 1d "$day" 2026-01-10T03:17:00Z 2026-01-12T19:59:59Z
sql "UPDATE readings_hourly SET max = 1000; UPDATE readings_daily SET max = 2000"
highest() {
	tsdb-query --type weather --sensor north --to 2026-01-12T19:59:59Z --agg max "$@" --format json 2>err |
		jq -r '.max | if . >= 1000 then . else "raw" end' | uniq | tr '\n' ' '
}
is "stored rollups: hours" "$(highest --from 2026-01-12T10:30:00Z --bucket 1h)" "raw 1000 raw "
is "and days" "$(highest --from 2026-01-10T10:30:00Z --bucket 1d)" "1000 2000 1000 "
is "not for smaller buckets" "$(highest --from 2026-01-12T10:00:00Z --bucket 30m)" "raw "
is "not with --source raw" "$(highest --from 2026-01-10T10:30:00Z --bucket 1d --source raw)" "raw "
is "not for good readings only" "$(highest --from 2026-01-10T10:30:00Z --bucket 1d --quality good)" "raw "
highest --from 2026-01-10T10:30:00Z --bucket 1d --explain >/dev/null
is "--explain tells the parts" "$(grep -oE 'query: (raw|hourly|daily) from' err | cut -d' ' -f2 | tr '\n' ' ')" \
	"raw hourly daily hourly raw "

# The query reads along the key: no more than the partitions of the span, and no sort.
check "the plan of raw readings" psql -XqAt -c "SET enable_sort TO off; SET enable_bitmapscan TO off;
	EXPLAIN (COSTS OFF) SELECT sensor_id, metric_id, time, value, quality
	FROM series_readings WHERE sensor_id = ANY ('{1,2}') AND time >= '2026-01-10' AND time < '2026-01-11'
	ORDER BY sensor_id, metric_id, time"
is "prunes partitions" "$(grep -oE 'sensor_readings_[a-z0-9]+_pkey' out | sort -u)" sensor_readings_20260110_pkey
is "and does not sort" "$(grep -cw Sort out)" 0

# ---- counts ----

# adds_up OPTION...: the counts of the summary, of which the last is that of the lines.
adds_up() {
	tsdb-query --from 2026-01-01 --to 2026-02-01 "$@" 2>err | wc -l >lines
	awk -v lines="$(cat lines)" '/: read / {
		gsub(/,/, "")
		ok = $3 - $6 - $9 + $11 == $13 && $13 == lines && $13 > 0
	} END { exit !ok }' err
}
check "counts add up: readings" adds_up --format json
check "counts add up: points" adds_up --format json --points 20
like "of which what is no number is left out" "$(cat err)" 'left out 4, thinned out [1-9]'
check "counts add up: filled buckets" adds_up --format json --type weather --agg avg --bucket 1h --fill null
like "which are counted" "$(cat err)" 'filled [1-9]'

# ---- the examples of the manual page ----

sql "INSERT INTO sensor_readings SELECT t, 20, 1, 1, 1 FROM generate_series(now() - interval '5 hours', now(), '10 min') AS t"
createdb archive
check "another database" tsdb-admin -d archive --quiet init
awk '/^\.Sh EXAMPLES/ { inside = 1 } /^\.Sh SEE/ { inside = 0 }
	inside && /^\.Dl/ { sub(/^\.Dl /, ""); print }
	inside && /^\.Bd/ { block = 1; next }
	/^\.Ed/ { block = 0 }
	inside && block { if (sub(/\\e$/, "")) printf "%s", $0; else print }' "$root/man/tsdb-query.1" |
	sed 's/\\e/\\/g' | grep -vE '^tsdb-query (similar|discords)' >examples # these: query-days.t
is "the manual page has examples" "$(wc -l <examples)" 6
command -v gnuplot >/dev/null || sed -i '/plot=/d' examples
while read -r line; do
	check "runs: ${line:0:60}" bash -o pipefail -c "$line"
done <examples
is "the CSV has rows" "$(($(wc -l <temperature.csv) > 1))" 1
is "the archive has the readings" "$(psql -XqAt -d archive -c "SELECT count(*) > 0 FROM readings WHERE type = 'weather'")" t

# ---- drawing ----

NO_COLOR='' tsdb-query --from 2026-01-10 --to 2026-01-12 --sensor north --metric temperature --plot --width 60 --height 12 >out 2>err
is "a plot: nine lines of canvas" "$(grep -cE '[┤│]' out)" 9
is "a plot into a pipe has no colours" "$(grep -c $'\033' out)" 0
like "with a legend" "$(cat out)" 'weather north temperature \(°C\)'
if command -v gnuplot >/dev/null; then
	check "a PNG file" q --type weather --agg min,max --bucket 1h --fill null --plot=a.png
	is "which is one" "$(head -c 8 a.png | od -An -tx1 | tr -d ' \n')" 89504e470d0a1a0a
	check "an SVG file of hostile names" q --type x --agg max --bucket 1d --plot=b.svg
	is "is one" "$(grep -c '</svg>' b.svg)" 1
	is "with the names in it" "$(grep -c 'DROP TABLE' b.svg)" 1
else
	skip "plots as files" "gnuplot is not installed"
fi
fails "a file that cannot be written" 73 q --type weather --agg max --bucket 1h --plot=nowhere/a.png
mkdir empty
fails "no gnuplot" 69 env PATH="$work/empty:$BIN" tsdb-query --from 2026-01-01 --to 2026-02-01 --type weather --plot=c.png
like "says what to install" "$(cat err)" 'cannot run gnuplot: .*gnuplot-nox'

# ---- the end ----

sql "INSERT INTO sensor_readings (time, value, sensor_id, metric_id, quality)
	SELECT '2026-01-20'::timestamptz + n * interval '1 s', n, 2, 3, 1 FROM generate_series(1, 200000) AS n"
{ q --format csv; echo "$?" >status; } 2>err | head -n 3 >/dev/null
is "a reader that has enough" "$(cat status)" 74
# A lock keeps the query waiting.
mkfifo hold
psql -Xq <hold >/dev/null 2>&1 &
exec 3>hold
echo "BEGIN; LOCK TABLE sensor_texts IN ACCESS EXCLUSIVE MODE;" >&3
locked() { [ "$(sql "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted AND relation = 'sensor_texts'::regclass")" = 1 ]; }
check "a lock is held" wait_for 30 locked
waiting() { [ "$(sql "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tsdb-query' AND wait_event_type = 'Lock'")" = "$1" ]; }
tsdb-query --from 2026-01-01 --to 2026-02-01 --sensor north >out 2>err &
query=$!
check "a query waits for it" wait_for 30 waiting 1
kill -INT "$query"
wait "$query"
is "SIGINT ends it" "$?" 75
check "and it is cancelled at the server" wait_for 30 waiting 0
{ tsdb-query --from 2026-01-01 --to 2026-02-01 --sensor south; echo "$?" >status; } 2>err | sleep 0.2 &
check "a query whose reader is gone" wait_for 30 grep -q 74 status
check "is cancelled, too, although it waits" wait_for 30 waiting 0
tsdb-query --from 2026-01-01 --to 2026-02-01 --sensor north >out 2>err &
query=$!
check "another query waits" wait_for 30 waiting 1
stop_postgres immediate
wait "$query"
is "the server goes away" "$?" 69
exec 3>&-
fails "and is away" 69 tsdb-query
finish
