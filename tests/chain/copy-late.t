#!/bin/bash
# What tsdb-copy stores late is in the stored rollups after the next maintain: by COPY, by INSERT, by replacing, and
# in one transaction with its note.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/schema-checks.sh"
one_day 120
cleanup() { services_end; }
services_begin "$work/db"
start_postgres fsync=off || skip_all "PostgreSQL does not start"
check "tsdb-admin init" tsdb-admin --quiet init

# fleet SEED: readings of two days, until now; whole numbers, so that sums do not depend on the order.
fleet() {
	sensor-sim --sensors 20 --count 4000 --interval 43 --seed "$1" --start "$(date -u -d '-2 days' +%FT%TZ)" --quiet |
		sensor-decode --quiet | sensor-validate --quiet | sed -E 's/(=-?[0-9]+)\.[0-9]+/\1/g'
}
# late SENSOR VALUE: a reading of yesterday noon.
late() {
	printf 'r1\t0\t%s\t%s\tclimate\t%s\t1\ttemperature=%s\n' "$(date -u +%FT%T.000000Z)" \
		"$(date -u -d yesterday +%F)T12:00:00.000000Z" "$1" "$2"
}
notes() { sql "SELECT count(*) FROM touched_hours"; }
of_noon() { # SENSOR COLUMN
	sql "SELECT $2 FROM readings_by_hour WHERE sensor = '$1' AND metric = 'temperature'
		AND hour = date_trunc('day', now() - interval '1 day', 'UTC') + interval '12 hours'"
}

fleet 1 >readings
check "a fleet is stored by COPY" tsdb-copy --quiet --copy-min 1 <readings
check "its hours are noted" [ "$(notes)" -gt 100 ]
check "maintain" tsdb-admin --quiet maintain
is "the notes are done with" "$(notes)" 0
check "hours are stored" [ "$(sql "SELECT count(*) FROM rollup_hourly")" -gt 100 ]
is "the rollups are those of the readings" "$(wrong_rollups)" "0|0"

late new 10 | check "a late reading is stored by INSERT" tsdb-copy --quiet
is "its hour is noted" "$(notes)" 1
check "maintain" tsdb-admin --quiet maintain
is "its rollup is there" "$(of_noon new 'count, avg')" "1|10"
late new 30 | check "another value replaces it" tsdb-copy --quiet --on-conflict replace
check "its hour is noted" [ "$(notes)" -ge 1 ]
check "maintain" tsdb-admin --quiet maintain
is "its rollup has changed" "$(of_noon new 'count, avg')" "1|30"
fleet 2 >more
check "many late ones are stored by COPY" tsdb-copy --quiet --copy-min 1 <more
check "maintain" tsdb-admin --quiet maintain
is "the rollups are those of the readings" "$(wrong_rollups)" "0|0"

# Nothing of a batch that is refused is noted; what is live is not late.
sql "ALTER TABLE sensor_readings ADD CONSTRAINT hot CHECK (value < 1e12)"
late new2 1e12 | tsdb-copy --quiet 2>letters
like "a refused reading is a dead letter" "$(cat letters)" 'x1.*database.*hot'
is "without a note" "$(notes)" 0
printf 'r1\t0\t%s\t%s\tclimate\tlive\t1\ttemperature=20\n' "$(date -u +%FT%T.%6NZ)" "$(date -u +%FT%T.%6NZ)" >live
if [ "$(date -u +%M)" -lt 45 ]; then
	check "a live reading is stored" tsdb-copy --quiet <live
	is "without a note" "$(notes)" 0
fi
finish
