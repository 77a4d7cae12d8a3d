#!/bin/bash
# Profiles of days on TimescaleDB: filled from continuous aggregates, once more when no reading comes unnoted, again after late ones.
# First build only: what it proves is SQL.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/timescaledb.sh"
. "$root/tests/lib/schema-checks.sh"
. "$root/tests/lib/profile-checks.sh"
one_day 120

cleanup() {
	stop_timescaledb
}
start_timescaledb "$work/db" || skip_all "$timescaledb_reason"
tsdb-admin init --quiet 2>/dev/null

# An hour after midnight: the last day is over, and its readings are there.
if [ "$(date -u +%H)" -lt 2 ]; then skip_all "yesterday is not over for long enough"; fi

sql "$(given 1 45 {0..23}); $(given 1 40 {0..4} {8..23}); $(given 1 5 {0..23}); $(given 1 1 {3..22}); $(given 1 2 {0..18})"
sql "INSERT INTO sensor_readings SELECT '$(day_ago 5) 00:30Z'::timestamptz + h * interval '1 hour', 7.25, 2, 1, 1 FROM generate_series(0, 23) AS h"
check "maintain" tsdb-admin maintain
like "says how many it filled" "$(cat err)" 'day profiles: 5 filled'
is "those of days with hours enough, flat ones marked" "$(profiles)" \
	"1|45|24|24.250000|2.005202|f
1|40|21|24.104167|1.757301|f
1|5|24|24.250000|2.005202|f
1|1|20|24.458333|1.903487|f
2|5|24|7.250000|0.000000|t"
is "as awk makes them" "$(wrong_profiles)" 0
is "yesterday is not settled" "$(sql "SELECT '$(day_ago 0)' - filled_to, '$(day_ago 0)' - settled_to FROM profile_state")" "0|1"
is "nothing of them is due then" "$(tsdb-admin maintain --dry-run | grep -c profiles)" 0

late "$(given 1 45 5 | sed 's/20 min/21 min/')" >/dev/null # further back than policies look
late "$(given 1 40 6)" >/dev/null
late "$(given 1 5 5 | sed 's/20 min/21 min/')" >/dev/null
sql "$(given 1 1 23)" # less than a day late
check "maintain after late readings" tsdb-admin maintain
like "fills those profiles again" "$(cat err)" 'day profiles: 3 filled'
is "with another hour" "$(profiles | cut -d'|' -f1-3 | tr '\n' ' ')" "1|45|24 1|40|22 1|5|24 1|1|20 2|5|24 "
is "no note is left" "$(sql "SELECT count(*) FROM profile_notes")" 0
sql "UPDATE profile_state SET filled_to = filled_to - 1, settled_to = settled_to - 1" # as if a day had passed
check "maintain a day later" tsdb-admin maintain
is "has the readings that were not noted" "$(profiles | sed -n 's/^1|1|//p' | cut -d'|' -f1)" 21
is "as awk makes them" "$(wrong_profiles)" 0

check "arrays serve, or cube where it is" sql "SELECT * FROM similar_days(1, 1::smallint, '$(day_ago 1)', 5)"
is "days with a profile are found" "$(wc -l <out)" 3
is "fewer than 14 days are not judged" "$(sql "SELECT count(*) FROM odd_days_of(1, 1::smallint, '$(day_ago 90)', '$(day_ago 0)', 3)")" 0

check "policy" tsdb-admin policy set compress=never raw=20d hourly=20d daily=20d --quiet
check "maintain" tsdb-admin maintain
is "profiles go with the daily rollups" "$(profiles | cut -d'|' -f2 | tr '\n' ' ')" "5 1 5 "

# Some planted days: DAYS and SERIES for more.
sql "DELETE FROM sensor_readings; DELETE FROM sensors; TRUNCATE day_profiles, touched_hours"
tsdb-admin policy set raw=never hourly=never daily=never --quiet
sql "UPDATE rollup_state SET raw_from = '-infinity'; UPDATE profile_state SET filled_to = '-infinity', settled_to = '-infinity'"
awk -f "$root/tests/lib/days.awk" -v seed="${SEED:-12}" -v series="${SERIES:-8}" -v days="${DAYS:-42}" \
	-v first="$(date -u -d "$(day_ago 75)" +%s)" -v planted=planted >records
check "the planted days are stored" eval 'tsdb-copy --copy-min 1000000 --max-batch 20000 <records'
check "and filled" tsdb-admin maintain
tsdb-query discords --from -75d --format tsv --quiet >found
read -r planted hits others < <(awk 'NR == FNR { p[$1 " " $2]; n++; next }
	FNR > 1 && !seen[$3 " " $1]++ { if (($3 " " $1) in p) hits++; else others++ } END { print n, hits + 0, others + 0 }' planted found)
echo "# planted $planted, found $hits, others $others"
is "at least 19 of 20 are found" "$((planted > 0 && hits * 20 >= planted * 19))" 1
is "and no more others" "$((others <= hits))" 1
finish
