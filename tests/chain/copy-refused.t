#!/bin/bash
# tsdb-copy and a database it cannot work with: the exit status and the way out.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
cleanup() {
	services_end
}
services_begin "$work/services"
start_postgres fsync=off || { flunk "postgres starts"; finish; }

fails "no schema" 78 tsdb-copy </dev/null
like "names the command" "$(cat err)" 'relation "ingest_watermarks" does not exist; run: tsdb-admin init'
fails "no such database" 78 tsdb-copy -d nowhere </dev/null
like "says which" "$(cat err)" 'database "nowhere" does not exist'
fails "no such role" 77 tsdb-copy -d user=nobody-here </dev/null

check "tsdb-admin init" tsdb-admin init
psql -Xqc "CREATE ROLE reader LOGIN" -c "GRANT SELECT ON ingest_watermarks TO reader"
printf 'r1\t1\t2026-01-01T00:00:00Z\t2026-01-01T00:00:00Z\tclimate\ta\t1\tt=1\n' >reading
fails "a role that may not write" 77 tsdb-copy -d user=reader <reading
like "says what it may not" "$(cat err)" 'permission denied'
like "and what is not stored" "$(cat err)" 'readings not stored: 1'

# What the manual says is enough.
createuser writer
sed -n 's/^\.Dl \(tsdb-admin grant writer\) gateway/\1 writer/p' "$root/man/tsdb-copy.1" >grant
is "the manual has a command" "$(wc -l <grant)" 1
check "which makes a writer" sh -e grant
check "who stores by INSERT" tsdb-copy -d user=writer <reading
check "and by COPY" tsdb-copy -d user=writer --copy-min 1 <reading

psql -Xqc "ALTER ROLE writer PASSWORD 'right'"
data=$services_dir/pg/data
echo 'local all all scram-sha-256' >"$data/pg_hba.conf"
services_pg pg_ctl -D "$data" -s reload
echo '*:*:*:*:wrong' >pass
chmod 600 pass
refused() { # the server has read its new rules
	! PGPASSFILE=$work/pass psql -Xqc '' -d user=writer
}
check "the server asks for a password now" wait_for 10 refused
PGPASSFILE=$work/pass fails "a wrong password" 77 tsdb-copy -d user=writer <reading
PGPASSFILE=/dev/null fails "no password" 77 tsdb-copy -d user=writer <reading
echo '*:*:*:*:right' >pass
PGPASSFILE=$work/pass check "the right password" tsdb-copy -d user=writer <reading
finish
