#!/bin/bash
# tsdb-admin doctor finds what is wrong with a server, and its ways to mend it work.
# First build only: what it proves is SQL.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/schema-checks.sh"
. "$root/tests/lib/doctor-checks.sh"

sleepers=()
cleanup() {
	[ ${#sleepers[@]} = 0 ] || kill "${sleepers[@]}" 2>/dev/null
	services_end
}
services_begin "$work/db"
start_postgres fsync=off autovacuum_naptime=600 || skip_all "PostgreSQL does not start"
data=$services_dir/pg/data
restart() {
	stop_postgres && start_postgres
}
# set_system NAME VALUE [NAME VALUE...], then reloads
set_system() {
	while [ $# -gt 0 ]; do
		psql -Xq -c "ALTER SYSTEM SET $1 = '$2'"
		shift 2
	done
	sql "SELECT pg_reload_conf()" >/dev/null
	sleep 0.2
}
tsdb-admin --quiet init 2>/dev/null

# ---- settings ----

set_system full_page_writes off autovacuum off track_counts off max_wal_size 64MB synchronous_commit off
for setting in "problem fsync" "problem full_page_writes" "warning autovacuum" "warning track_counts" \
	"warning max_wal_size" "warning synchronous_commit"; do
	finds $setting 'is (off|64MB): '
	mends ${setting#* }
done
sql "ALTER DATABASE sensorpipe SET synchronous_commit = off"
finds warning synchronous_commit 'is off: '
mends synchronous_commit
sql "ALTER ROLE sensorpipe SET default_transaction_isolation = 'serializable'"
finds problem default_transaction_isolation 'is serializable: '
mends default_transaction_isolation
sql "ALTER ROLE sensorpipe IN DATABASE sensorpipe SET default_transaction_read_only = on"
finds problem default_transaction_read_only 'is on: nothing can be stored'
mends default_transaction_read_only
sql "ALTER ROLE ALL SET default_transaction_isolation = 'repeatable read'"
finds problem default_transaction_isolation 'is repeatable read: '
mends default_transaction_isolation
sql "ALTER ROLE sensorpipe SET statement_timeout = '30s'; ALTER ROLE sensorpipe SET idle_in_transaction_session_timeout = 500"
finds warning statement_timeout 'is 30s: '
mends statement_timeout
finds warning idle_in_transaction_session_timeout 'is 500ms: '
mends idle_in_transaction_session_timeout
PGOPTIONS='-c statement_timeout=1s' finds warning statement_timeout 'is 1s: '
like "which is of the client" "$mend" 'take statement_timeout out of PGOPTIONS'
sql "ALTER ROLE sensorpipe SET statement_timeout = '1h'"
is "an hour is not too short" "$(tsdb-admin --quiet doctor)" ""
# A file with a hole makes a large database.
big=$data/base/$(sql "SELECT oid FROM pg_database WHERE datname = 'sensorpipe'")/9999999
truncate -s 1100M "$big"
finds warning shared_buffers 'is 128MB: '
mends_later=$mend
rm "$big"
check "mended by: $mends_later" psql -Xq <<<"$mends_later"
check "and a restart" restart
is "which takes effect" "$(sql "SHOW shared_buffers")" 1GB
psql -Xq -c "ALTER SYSTEM RESET shared_buffers"

psql -Xq -c "ALTER SYSTEM RESET fsync"
check "the rest goes faster without fsync" restart

# ---- encodings ----

createdb -E SQL_ASCII -T template0 --locale=C ascii
PGDATABASE=ascii finds problem encoding 'SQL_ASCII takes any bytes'
createdb -E LATIN1 -T template0 --locale=C latin
PGDATABASE=latin finds warning encoding 'LATIN1 cannot hold all'

# ---- what piles up ----

set_system max_wal_size 32MB min_wal_size 32MB
sql "SELECT pg_create_physical_replication_slot('gone', true)" >/dev/null
for n in 1 2 3 4; do sql "CREATE TABLE t$n (); SELECT pg_switch_wal()" >/dev/null; done
finds problem "replication slots" 'nobody reads gone, which holds back [0-9]+ MB of WAL'
mends "replication slots"
set_system max_wal_size 1GB

psql -Xq -c "ALTER SYSTEM SET archive_mode = on" -c "ALTER SYSTEM SET archive_command = false" \
	-c "ALTER SYSTEM SET max_connections = 10" -c "ALTER SYSTEM SET max_prepared_transactions = 5" \
	-c "ALTER SYSTEM SET autovacuum_freeze_max_age = 100000" -c "ALTER SYSTEM SET autovacuum = off"
restart
sql "CREATE TABLE t5 (); SELECT pg_switch_wal()" >/dev/null
failing() { [ "$(sql "SELECT count(*) FROM pg_stat_archiver WHERE failed_count > 0")" = 1 ]; }
check "archiving fails" wait_for 60 failing
finds problem archiver 'archiving WAL has failed [0-9]+ times, last for 0'
set_system archive_command true
archived() { [ "$(sql "SELECT count(*) FROM pg_stat_archiver WHERE last_archived_time > last_failed_time")" = 1 ]; }
check "with a command that works" wait_for 90 archived
is "the archiver does" "$(tsdb-admin --quiet doctor --json | jq -r '.[] | select(.name == "archiver")')" ""

# Every subtransaction that writes takes a number.
burn() { # burn COUNT
	sql "DO \$\$ BEGIN FOR i IN 1 .. $1 LOOP
		BEGIN INSERT INTO burnt VALUES (i); EXCEPTION WHEN division_by_zero THEN NULL; END; END LOOP; END \$\$"
}
sql "CREATE TABLE burnt (n int)"
psql -XqAt -c "BEGIN ISOLATION LEVEL REPEATABLE READ" -c "SELECT txid_current()" -c "SELECT pg_sleep(600)" >/dev/null 2>&1 &
sleepers+=($!)
held() { [ "$(sql "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%sleep(600)' AND backend_xid IS NOT NULL")" = 1 ]; }
check "an old transaction keeps vacuum from its work" wait_for 30 held
burn 220000
finds warning wraparound 'transaction numbers are 22[0-9]{4} old'
burn 300000
finds problem wraparound 'transaction numbers are 52[0-9]{4} old'
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%sleep(600)' AND pid <> pg_backend_pid()" >/dev/null
mends wraparound

for n in 1 2 3 4 5 6 7; do
	psql -XqAt -c "SELECT pg_sleep(600)" >/dev/null 2>&1 &
	sleepers+=($!)
done
many() { [ "$(sql "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%sleep(600)'")" = 7 ]; }
check "seven sessions" wait_for 30 many
finds warning connections '8 of 10 in use'
check "mended by: $mend" psql -Xq <<<"$mend"
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%sleep(600)'" >/dev/null

# ---- the way to it ----

address=$(hostname -I 2>/dev/null | tr ' ' '\n' | grep -m 1 '\.')
if [ -n "$address" ]; then
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=db" -keyout server.key -out server.crt 2>/dev/null
	cp server.key server.crt "$data/"
	chmod 600 "$data/server.key"
	[ "$(id -u)" != 0 ] || chown "$(stat -c %u "$data")" "$data/server.key" "$data/server.crt"
	echo "host all all $address/32 trust" >>"$data/pg_hba.conf"
	port=$(services_free_port)
	psql -Xq -c "ALTER SYSTEM SET listen_addresses = '$address'" -c "ALTER SYSTEM SET port = $port" -c "ALTER SYSTEM SET ssl = on"
	stop_postgres
	services_pg pg_ctl -D "$data" -s -w -l "$services_dir/pg/log" start
	export PGPORT=$port
	PGHOST=$address PGSSLMODE=disable finds warning tls 'not in use: '
	is "with TLS nothing is wrong" "$(PGHOST=$address PGSSLMODE=require tsdb-admin doctor 2>/dev/null | grep -oE '^.*tls: TLSv1')" "ok       tls: TLSv1"
	like "nor on the same machine" "$(PGSSLMODE=disable tsdb-admin doctor 2>/dev/null)" '^ok       tls: not in use, nor needed'
	psql -Xq -c "ALTER SYSTEM SET listen_addresses = ''" -c "ALTER SYSTEM SET port = 5432"
	stop_postgres
	PGPORT=5432
else
	skip "the way to a server without TLS" "this machine has no address but loopback"
	stop_postgres
fi

# ---- its clock ----

faketime=$(ls /usr/lib/*/faketime/libfaketime.so.1 2>/dev/null | head -n 1)
if [ -n "$faketime" ]; then
	echo +0 >clock && chmod 644 clock
	cat >postgres <<-SH
		#!/bin/sh
		export LD_PRELOAD=$faketime FAKETIME_TIMESTAMP_FILE=$work/clock FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1
		exec "$(pg_config --bindir)/postgres" "\$@"
	SH
	chmod 755 postgres
	services_pg pg_ctl -D "$data" -s -w -l "$services_dir/pg/log" -p "$work/postgres" start
	psql -XqAt -c "BEGIN" -c "SELECT txid_current()" -c "SELECT pg_sleep(600)" >/dev/null 2>&1 &
	sleepers+=($!)
	check "a transaction is open" wait_for 30 held
	sql "BEGIN; CREATE TABLE prepared (); PREPARE TRANSACTION 'it''s open'"
	is "not for long" "$(tsdb-admin --quiet doctor --json | jq -r '.[] | select(.name == "transactions" or .name == "clock") | .level')" "ok
ok"
	echo +30 >clock
	finds warning clock "the server's is (29|30)\.[0-9]{3} s ahead of ours, give or take 0\.[0-9]{3} s"
	echo -7205 >clock
	finds problem clock "the server's is 720[45]\.[0-9]{3} s behind ours"
	echo +7205 >clock
	finds problem clock "the server's is 720[45]\.[0-9]{3} s ahead of ours"
	finds warning transactions 'process [0-9]+ of sensorpipe \(psql\) has one open for 02:00:00'
	finds warning transactions "prepared transaction 'it''s open' of sensorpipe"
	check "the first is mended by: $mend" psql -Xq <<<"$mend"
	ended() { ! held; }
	check "and ends" wait_for 30 ended
	finds warning transactions "prepared transaction"
	mends transactions
else
	skip "its clock" "libfaketime is not installed"
	services_pg pg_ctl -D "$data" -s -w -l "$services_dir/pg/log" start
fi

# ---- a standby ----

stop_postgres
: >"$data/standby.signal"
start_postgres
finds problem standby 'this server is a standby: nothing can be written to it'
finish
