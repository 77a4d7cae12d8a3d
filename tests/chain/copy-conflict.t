#!/bin/bash
# tsdb-copy and readings that differ from what is stored, on PostgreSQL: none vanishes, through crashes too.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/conflict-checks.sh"
pid=
cleanup() {
	[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
	services_end
}
services_begin "$work/services"
start_postgres fsync=off || { flunk "postgres starts"; finish; }
check "tsdb-admin init" tsdb-admin init

check_conflicts "COPY" --copy-min 1
check_conflicts "INSERT" --copy-min 1000000
check_conflicts "one at a time" --max-batch 1
check_many_conflicts "COPY" --copy-min 1
check_many_conflicts "INSERT" --copy-min 1000000

# ---- rows are found by the key ----

# Other sessions have ended, and so told of their scans.
alone() {
	[ "$(sql "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")" = 1 ]
}
scans() {
	wait_for 10 alone
	sql "SELECT sum(seq_scan), sum(idx_scan) > 0 FROM pg_stat_user_tables WHERE relname LIKE 'sensor_readings_%'"
}
before=$(scans)
check "12,000 readings, all there" tsdb-copy <many
is "are compared without reading a table through" "$(scans)" "$before"

# ---- together with what the database refuses ----

sql "ALTER TABLE sensor_readings ADD CONSTRAINT devil CHECK (value <> 6.66)"
for way in "COPY 1" "INSERT 1000000"; do
	empty
	rm -f ./*.x1
	{
		reading 1 1 s a=6.66
		reading 2 1 s a=1
		reading 3 1 s a=2 b=1
		reading 4 1 s b=1
		reading 5 2 s b=6.66
	} | check "${way% *}: conflicts among refused readings" tsdb-copy --copy-min "${way#* }" --reject devil.x1
	is "${way% *}: what was refused is not stored, so nothing conflicts with it" "$(counts)" \
		"received 5, stored 1, duplicates 1, rejected 3, skipped 0, rows 2"
	is "${way% *}: each has one dead letter" "$(cut -f4,7 devil.x1 | sort -k2 | tr '\t\n' ' ')" \
		"database 1 conflict 3 database 5 "
	is "${way% *}: the watermark passes them" "$(tsdb-admin watermark default)" 5
done
sql "ALTER TABLE sensor_readings DROP CONSTRAINT devil"

# ---- the dead letters come first ----

for way in "COPY 1" "INSERT 1000000"; do
	name=${way% *} copy_min=${way#* }
	for where in batch table; do
		empty
		[ $where = batch ] || reading 0 1 s a=1 | tsdb-copy --quiet
		{ reading 1 1 s a=1; reading 2 1 s a=2; reading 3 2 s a=3; } >conflict
		fails "$name: a conflict in the $where, and no place for its dead letter" 74 \
			tsdb-copy --copy-min "$copy_min" --reject /dev/full <conflict
		is "$name, $where: the watermark has not moved" "$(tsdb-admin watermark default)" 0
		rm -f ./*.x1
		check "$name, $where: with a place for it" tsdb-copy --copy-min "$copy_min" --reject full.x1 <conflict
		is "$name, $where: it is found again" "$(cut -f4,7 full.x1)" "$(printf 'conflict\t2')"
		is "$name, $where: and the watermark moves" "$(tsdb-admin watermark default)" 3
	done
done

# Killed after the dead letter is written and before the watermark is: a trigger keeps it from moving.
empty
rm -f ./*.x1
sql "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NEW; END';
	CREATE TRIGGER hold BEFORE INSERT ON ingest_watermarks FOR EACH ROW EXECUTE FUNCTION hold()"
tsdb-copy --reject killed.x1 <conflict 2>"$work/err" &
pid=$!
check "the dead letter is on disk while the watermark is written" wait_for 20 test -s killed.x1
check "which is waited for" wait_for 20 eval \
	'[ "$(sql "SELECT count(*) FROM pg_stat_activity WHERE wait_event = '"'PgSleep'"'")" = 1 ]'
{ kill -KILL "$pid" && wait "$pid"; } 2>/dev/null
pid=
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tsdb-copy'" >/dev/null
sql "DROP TRIGGER hold ON ingest_watermarks"
is "killed there, the watermark has not moved" "$(tsdb-admin watermark default)" 0
check "what is sent again" tsdb-copy --reject resent.x1 <conflict
is "is stored already, and conflicts again" "$(counts)" \
	"received 3, stored 0, duplicates 2, rejected 1, skipped 0, rows 0"
is "with the same dead letter" "$(cut -f3- resent.x1)" "$(cut -f3- killed.x1)"
is "and the watermark moves" "$(tsdb-admin watermark default)" 3

# ---- connections cut: still one dead letter a reading ----

empty
rm -f ./*.x1
series 1 6000 100 0 | tsdb-copy --quiet # every hundredth is there, with another value
series 1 6000 1 i | split -l 100 --filter='cat; sleep 0.03' | tsdb-copy --max-batch 300 --source cut --reject cut.x1 2>cut.err &
pid=$!
while kill -0 "$pid" 2>/dev/null; do
	sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tsdb-copy'" >/dev/null
	sleep 0.1
done
wait "$pid"
is "connections cut: status 0" "$?" 0
pid=
like "connections were cut" "$(cat cut.err)" 'works again after'
is "every conflict is rejected" "$(grep -o 'rejected [0-9]*' cut.err)" "rejected 60"
is "once" "$(cut -f4,7 cut.x1 | sort -k2n | uniq | tr '\t' ' ')" "$(seq -f 'conflict %.0f' 1 100 6000)"
is "into one dead letter each" "$(wc -l <cut.x1)" 60
is "everything else is there" "$(sql "SELECT count(*), sum(value) FROM sensor_readings")" "6000|17825940"

# ---- two writers of different values ----

empty
rm -f ./*.x1
series 1 4000 1 i >one
series 1 4000 1 -i >two
tsdb-copy --max-batch 500 --source one --reject one.x1 <one 2>one.err &
tsdb-copy --max-batch 300 --source two --reject two.x1 <two 2>two.err
wait
is "two writers: each key is stored once" "$(sql "SELECT count(*), sum(abs(value)) FROM sensor_readings")" "4000|8002000"
is "and rejected once" "$(cut -f7 one.x1 two.x1 | sort -n | uniq | wc -l; cat one.x1 two.x1 | wc -l)" "$(printf '4000\n4000')"
is "what is rejected is what is not stored" \
	"$(cut -f6- one.x1 two.x1 | sed 's/.*a=//' | sort -n | md5sum)" \
	"$(sql "SELECT -value FROM sensor_readings ORDER BY 1" | md5sum)"

# ---- the example of the manual ----

empty
{ reading 1 1 s a=1; reading 2 1 s a=2; reading 3 2 s 'a=01'; } | tsdb-copy --quiet --reject copy.x1
check "the conflicts alone, to replace" eval \
	"awk -F'\\t' '\$4 == \"conflict\"' copy.x1 | cut -f6- | tsdb-copy --on-conflict replace"
like "are stored" "$(counts)" "received 1, stored 1"
is "over the first" "$(stored s)" 'a=2;1 '

# ---- privileges ----

empty
sql "CREATE ROLE writer LOGIN"
tsdb-admin --quiet grant writer writer 2>/dev/null
reading 1 1 s a=1 | tsdb-copy --quiet
reading 2 1 s a=2 | check "to keep takes the role of a writer" tsdb-copy -d user=writer --reject /dev/null
reading 2 1 s a=2 >other
fails "to replace takes another" 77 tsdb-copy -d user=writer --on-conflict replace <other
like "which it says" "$(cat err)" 'permission denied for .*see PERMISSIONS in tsdb-copy'
tsdb-admin --quiet grant replacer writer 2>/dev/null
check "with it" tsdb-copy -d user=writer --on-conflict replace <other
is "it does" "$(stored s)" 'a=2;1 '
fails "a word that is none" 64 tsdb-copy --on-conflict drop </dev/null
finish
