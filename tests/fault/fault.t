#!/bin/bash
# What is acknowledged is stored, whatever breaks: a few rounds of the faults of tests/fault (make fault runs
# many). And that the checker who says so finds a loss, a stranger, a changed value and a double.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/fault/lib.sh"
cleanup() { faults_end; }
faults_begin || { flunk "services start"; finish; }

# ---- the checker, on rows that are planted ----

# plant SENSOR N TIME VALUE TWIN: as if tsdb-copy had stored it.
plant() {
	printf 'r1\t0\t%s\t%s\tfault\tself/%s\t1\tvalue=%s\ttwin=%s\n' "$2" "$2" "$1" "$3" "$4"
}
at() { echo "2026-01-01T00:00:0$1.000000Z"; }
{
	plant 1 "$(at 1)" 1 -1
	plant 1 "$(at 2)" 2 -2
	plant 1 "$(at 4)" 44 -4 # changed
	plant 1 "$(at 5)" 5 -5  # a double of it is next
	plant 2 "$(at 5)" 5 -5
	plant 3 "$(at 6)" 6 -6   # nobody published it
	plant bad-9 "$(at 9)" 9 -9 # should have been rejected
} | tsdb-copy --quiet
printf 'r1\t0\t%s\t%s\tfault\tself/7\t1\tvalue=7\n' "$(at 7)" "$(at 7)" | tsdb-copy --quiet # a half
published() { # N SENSOR FATE
	sql "INSERT INTO fault.published VALUES ('self', $1, 'self/$2', '$(at "$1")', '$3')"
}
for n in 1 2 3 4 5; do published $n 1 stored; done
published 7 7 stored
published 8 bad-8 rejected
published 9 bad-9 rejected
sql "INSERT INTO fault.published VALUES ('self', 10, 'self/1', '2026-01-01T00:00:10Z', 'stored'),
	('self', 11, 'self/1', '2026-01-01T00:00:11Z', 'stored')" # 11 was never acknowledged
sql "INSERT INTO fault.acknowledged SELECT 'self', n FROM fault.published WHERE label = 'self' AND n <> 11"
sql "INSERT INTO fault.letters VALUES ('self', 'self/bad-8', 8, 'bad-json'), ('self', 'self/bad-8', 8, 'bad-json'),
	('self', 'self/1', 3, 'truncated'), ('self', 'self/1', 10, 'database'), ('self', 'other', NULL, 'bad-json')"
verdict() {
	sql "SELECT message FROM fault.verdicts('self') WHERE verdict = '$1' ORDER BY message::int" | tr '\n' ' '
}
explained() {
	sql "SELECT detail FROM fault.verdicts('self') WHERE verdict = 'unexpected'"
}
is "stored is what is there as it was published" "$(verdict stored)" "1 2 5 9 "
is "rejected is what has a dead letter" "$(verdict rejected)" "8 10 "
is "lost is what was acknowledged and is nowhere, also behind half a record" "$(verdict lost)" "3 4 7 "
is "what was not acknowledged is no loss" "$(verdict unacknowledged)" "11 "
unexpected=$(explained)
like "a changed value is found" "$unexpected" 'self/1: 2 rows, 1 of them as published'
like "half a message is found" "$unexpected" 'self/7: 1 rows, 1 of them as published'
like "a row that nobody published is found" "$unexpected" 'self/3 at .*: nobody published value'
like "a double is found" "$unexpected" 'stored 2 times'
like "poison that was stored is found" "$unexpected" 'self/bad-9: stored, but was to be rejected'
like "a dead letter of nothing published is found" "$unexpected" 'other: a dead letter \(bad-json\) that was not to be'
like "and one of a message that was to be stored" "$unexpected" 'self/1: a dead letter \(database\) that was not to be'

# The whole way to the verdict, with a row taken out of the database, and one put in.
planted() {
	echo "$1" >"$work/planted"
	round_run planted 1 1 >"$work/out" 2>"$work/err"
}
FAULT_SCENARIOS=$work/scenarios
mkdir "$FAULT_SCENARIOS"
cat >"$FAULT_SCENARIOS/planted" <<'END'
prepare() {
	inject mqtt-sub5 'write no/such/path 1 EIO'
}
verify() {
	struck
	sql "$(cat "$work/planted")"
}
END
sensors="SELECT sensor_id FROM sensors WHERE type = 'fault' AND starts_with(name, 'planted.1/')"
fails "a round whose chain lost a message fails" 1 planted \
	"DELETE FROM sensor_readings WHERE abs(value) = 77 AND sensor_id IN ($sensors)"
like "and names the message" "$(cat err)" '^lost\|77\|planted.1/0$'
like "a fault that does not take place is told, too" "$(cat err)" '^only 0 of 1 faults took place$'
rm -rf "$faults/planted.1"
sql "DELETE FROM sensor_readings WHERE sensor_id IN ($sensors)"
fails "a round whose chain changed a value fails" 1 planted \
	"UPDATE sensor_readings SET value = 1000 WHERE value = 77 AND sensor_id IN ($sensors)"
like "and names the message" "$(cat err)" '^unexpected\|77\|planted.1/0: 2 rows, 1 of them as published'
unset FAULT_SCENARIOS

# ---- the faults ----

seed=${SEED:-1}
# rounds SCENARIO NUMBER...
rounds() {
	local scenario=$1 number status
	shift
	for number in "$@"; do
		round_run "$scenario" "$number" $((seed * 1000 + number)) >"$work/out" 2>"$work/err"
		status=$?
		case $status in
		0) pass "$scenario, round $number: nothing lost, nothing unexpected" ;;
		77) skip "$scenario, round $number" "it cannot run here" ;;
		*) flunk "$scenario, round $number: nothing lost, nothing unexpected" "$(tail -n 20 "$work/err")" ;;
		esac
	done
}
rounds kill 0 1 2 3 4
number=0
for scenario in kill-sync kill-commit cut-commit torn-tail bit-flip disk-full disk-error broker-kill database-crash \
	clock-back two-writers; do
	number=$((number % 6 + 1)) # by which QoS, --sync and the way into the database differ
	rounds $scenario $number
done

# ---- the database is down for a while ----

check "an outage: nothing lost or dropped, memory flat, the backlog drained" "$root/tests/fault/outage" 3 1000
like "the backlog was in the spool" "$(cat out)" '^after 3 seconds: backlog [0-9]{4,} messages'
like "all of it is stored" "$(cat out)" '^published 10000, acknowledged 10000, stored 10000, lost 0, unexpected 0; dropped by the broker 0'
fails "outage wants to know how long" 64 "$root/tests/fault/outage" 3
finish
