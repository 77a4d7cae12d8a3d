#!/bin/bash
. "${0%/*}/../lib/tap.sh"

# tsdb-copy without a database: options, and what it says when there is no server.

fails "--help" 0 tsdb-copy --help
like "is a usage" "$(cat out)" '^usage: tsdb-copy'
is "of at most 40 lines" "$(($(wc -l <out) <= 40))" 1
fails "-V" 0 tsdb-copy -V
like "prints the version" "$(cat out)" '^tsdb-copy [0-9]+\.[0-9]+\.[0-9]+$'

fails "an unknown option" 64 tsdb-copy --fast
fails "an argument" 64 tsdb-copy readings.txt
like "says where records come from" "$(cat err)" "unexpected argument 'readings.txt': records are read from standard input"
fails "--max-batch 0" 64 tsdb-copy --max-batch 0
fails "--max-batch over the bound" 64 tsdb-copy --max-batch 1000001
fails "--copy-min x" 64 tsdb-copy --copy-min x
fails "--max-delay over the bound" 64 tsdb-copy --max-delay 60001
fails "--retry-for -1" 64 tsdb-copy --retry-for -1
fails "--source without a name" 64 tsdb-copy --source ''
fails "--source that is not UTF-8" 64 tsdb-copy --source $'\xff'
fails "a password in argv" 64 tsdb-copy -d 'dbname=x password=geheim'
is "which is not repeated" "$(grep -c geheim err)" 0
fails "--reject that cannot be opened" 73 tsdb-copy --reject /nowhere/at/all </dev/null
fails "--checkpoint in no directory" 73 tsdb-copy --checkpoint /nowhere/at/all </dev/null

export PGHOST=$work PGPORT=5432
fails "no server, --retry-for 0" 75 tsdb-copy --retry-for 0 </dev/null
like "says so and gives up" "$(cat err)" '^tsdb-copy: database: given up: connection to server'

printf 'r1\t1\t2026-01-01T00:00:00Z\t2026-01-01T00:00:00Z\tclimate\ta\t1\tt=%d\n' 1 2 3 >readings
fails "no server for half a second" 75 tsdb-copy --retry-for 0.5 <readings
is "is said once" "$(grep -c 'trying again' err)" 1
like "with what is not stored" "$(cat err)" 'readings not stored: 3'
like "which the summary counts too" "$(cat err)" 'received 3, stored 0, duplicates 0, rejected 0, skipped 0, not stored 3'

# A stop does not wait for a database that is away longer than it takes to see that.
mkfifo pipe
tsdb-copy <pipe 2>stop.err &
pid=$!
exec 3>pipe
cat readings >&3
check "waits for the database" wait_for 10 grep -q 'trying again' stop.err
kill -TERM "$pid"
exec 3>&-
wait "$pid"
is "SIGTERM then ends it with status 75" "$?" 75
like "saying how many readings are not stored" "$(cat stop.err)" 'readings not stored: 3'

printf 'm1\t1\t2026-01-01T00:00:00Z\tt\tq0\t\t\t{}\n' >messages
fails "messages instead of readings" 65 tsdb-copy <messages
like "says which stage is missing" "$(cat err)" 'put sensor-decode before this tool'
finish
