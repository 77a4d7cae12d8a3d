#!/bin/bash
# readings_latest is what a look at all readings gives: stored by several at once, replaced, repaired, migrated; and
# whatever becomes of that table, readings are stored.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/schema-checks.sh"
. "$root/tests/lib/latest-checks.sh"
pid='' lock_pid=''
cleanup() {
	[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
	[ -z "$lock_pid" ] || kill "$lock_pid" 2>/dev/null
	services_end
}
services_begin "$work/db"
start_postgres fsync=off || skip_all "PostgreSQL does not start"

check_migration
check_latest --copy-min 1
sql "TRUNCATE sensor_readings, sensor_texts, latest_readings"
check_latest --copy-min 1000000
check_repair
check_silent

# ---- several writers of the same series at once ----

workers=()
for n in 4 5 6; do
	fleet $n 3000 | tsdb-copy --quiet --source "w$n" --max-batch 200 --reject w.x1 &
	workers+=($!)
done
for n in "${workers[@]}"; do check "one of three writers" wait "$n"; done
is "of the three the latest stays" "$(wrong_latest)" 0

# ---- the table is locked: batches do not wait ----

# feed: a tsdb-copy that goes on; what is written to fd 5 is its input.
feed() {
	mkfifo "$1.in"
	tsdb-copy --source "$1" --reject "$1.x1" <"$1.in" 2>"$1.err" &
	pid=$!
	exec 5>"$1.in"
}
# stored SENSOR VALUE / is_latest SENSOR VALUE
stored() {
	[ "$(sql "SELECT count(*) FROM readings WHERE sensor = '$1' AND metric = 'a' AND value = $2")" = 1 ]
}
is_latest() {
	[ "$(latest "$1")" = "$2;1" ]
}
locked() {
	[ "$(sql "SELECT count(*) FROM pg_locks WHERE relation = 'latest_readings'::regclass AND mode = 'ShareLock' AND granted")" = 1 ]
}
lock() {
	rm -f lock.in
	mkfifo lock.in
	psql -Xq <lock.in >/dev/null 2>&1 5>&- &
	lock_pid=$!
	exec 6>lock.in
	echo "BEGIN; LOCK TABLE latest_readings IN SHARE MODE;" >&6
	wait_for 20 locked
}
unlock() {
	exec 6>&-
	wait "$lock_pid" 2>/dev/null
	lock_pid=''
}

feed busy
one busy '-2 days 1 hour' 1 >&5
check "a lone reading becomes the latest by itself" wait_for 20 is_latest busy 1
check "the table is locked" lock
for n in 2 3 4; do
	one busy "-2 days $n hours" $n >&5
	check "reading $n is stored all the same" wait_for 20 stored busy $n
done
is "but is not the latest" "$(latest busy)" '1;1'
unlock
check "until the lock is gone" wait_for 20 is_latest busy 4

# ---- killed before it was written ----

lock
one busy '-2 days 5 hours' 5 >&5
check "another reading is stored" wait_for 20 stored busy 5
kill -KILL $pid
wait $pid 2>/dev/null
pid=''
exec 5>&-
unlock
is "its writer was killed before it became the latest" "$(latest busy)" '4;1'
check "maintain" tsdb-admin --quiet maintain
is "it is now" "$(latest busy)" '5;1'

# ---- the server goes away before it was written, and comes back ----

feed away
one away '-1 day 1 hour' 1 >&5
check "a reading becomes the latest" wait_for 20 is_latest away 1
lock
one away '-1 day 2 hours' 2 >&5
check "another one is stored" wait_for 20 stored away 2
stop_postgres immediate
unlock
start_postgres 5>&-
check "it becomes the latest, without any further one" wait_for 30 is_latest away 2
exec 5>&-
wait $pid
is "the end" $? 0
pid=''
like "everything is settled" "$(cat away.err)" 'received 2, stored 2, duplicates 0, rejected 0'

# ---- it cannot be written at all ----

sql "ALTER FUNCTION note_latest RENAME TO note_latest_elsewhere"
{ one never -1hour 1; sleep 3; one never -50minutes 2; } | check "readings are stored" tsdb-copy
like "it is said why, and what to do" "$(cat err)" 'latest readings: function note_latest.* does not exist; trying again; run: tsdb-admin init'
is "once" "$(grep -c 'does not exist' err)" 1
like "and what becomes of them" "$(cat err)" 'the latest readings of some series are not written: tsdb-admin maintain finds them'
like "nothing is lost" "$(cat err)" 'received 2, stored 2'
sql "ALTER FUNCTION note_latest_elsewhere RENAME TO note_latest"
is "maintain finds them" "$(sql "SELECT repair_latest(now() - interval '3 hours', now())")$(latest never)" '12;1'
finish
