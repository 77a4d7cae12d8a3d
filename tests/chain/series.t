#!/bin/bash
# A table of measurements, turned into messages by one line of awk, is stored with exact values and times.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
cleanup() { services_end; }
services_begin "$work/services"
start_postgres fsync=off || { flunk "services start"; finish; }
check "tsdb-admin init" tsdb-admin init

# 20,000 measurements of five minutes from 2013 on; values with up to 17 digits, as %.17g leaves them.
awk 'BEGIN { srand(4); print "timestamp,value"
	for (i = 0; i < 20000; i++) {
		t = 1386018900 + 300 * i
		printf "%s,%.17g\n", strftime("%Y-%m-%d %H:%M:%S", t, 1), 60 + 40 * rand() - (i % 7 == 0) * 80
	} }' >series.csv

set -o pipefail
check "the table goes through the chain" eval "
	awk -F, -v OFS='\t' 'NR > 1 { sub(\" \", \"T\", \$1); t = \$1 \"Z\"
	    print \"m1\", 0, t, \"sensors/machine/m-1\", \"q0\", \"application/json\", \"\",
	        \"{\\\"ts\\\":\\\"\" t \"\\\",\\\"temperature\\\":\" \$2 \"}\" }' series.csv |
	sensor-decode | sensor-validate --allow-unknown | tsdb-copy"
like "every measurement is stored" "$(cat err)" 'tsdb-copy: received 20000, stored 20000, duplicates 0, rejected 0, skipped 0'

# Compared inside the database: its float8 input is the reference for the values.
psql -qX -c 'CREATE TABLE expected (time timestamptz, value float8)' \
	-c "\\copy expected FROM series.csv (FORMAT csv, HEADER)"
is "no measurement differs or is missing" "$(psql -qAtXc "
	SELECT count(*) FROM expected e FULL JOIN readings r ON r.time = e.time AND r.value = e.value
	WHERE e.time IS NULL OR r.time IS NULL")" 0
finish
