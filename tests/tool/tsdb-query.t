#!/bin/bash
# The command line of tsdb-query; what it gives from a database is tested in tests/chain/tsdb-query*.t.
. "${0%/*}/../lib/tap.sh"

is "version" "$(tsdb-query -V)" "tsdb-query 0.1.0"
check "--help" tsdb-query --help
is "--help fits a screen" "$(($(wc -l <out) <= 40))" 1
is "--help is on stdout alone" "$(cat err)" ""

# usage WORDS OPTION...: wrong usage, and the message has the words.
usage() {
	local words=$1
	shift
	fails "refused: $*" 64 tsdb-query "$@"
	like "naming what is wrong" "$(cat err)" "$words"
}
usage "unexpected argument 'north'" north
usage "'--frobnicate'" --frobnicate
usage "not empty" --sensor ''
usage "not valid UTF-8" --metric $'\xff'
usage "--from 'yesterday': not a time" --from yesterday
usage "--to '2026-02-30': not a time" --to 2026-02-30
usage "--from is not before --to" --from 2026-01-02 --to 2026-01-02
usage "--from is not before --to" --from now --to -1h
usage "--agg: 'mean' not one of: avg" --agg avg,mean
usage "--agg: 'avg' is there twice" --agg avg --agg avg
usage "--agg: '' not one of" --agg ''
usage "not a span" --agg avg --bucket 1
usage "not a span" --agg avg --bucket 0s
usage "not a span" --agg avg --bucket 36526d
usage "not a span" --agg avg --bucket 1y
usage "give --agg" --bucket 1h
usage "give --bucket" --agg avg --fill null
usage "is for --agg" --fill null
usage "not one of: none, null" --agg avg --bucket 1h --fill zero
usage "more than 1000000 buckets" --agg avg --bucket 1s --fill null --from -30d
usage "before the year 1" --agg avg --bucket 4d --from 0001-01-01
usage "is for --agg" --source raw
usage "not one of: auto, raw" --agg avg --source weekly
usage "not made of whole hours" --agg avg --bucket 90m --source hourly
usage "not made of whole days" --agg avg --bucket 36h --source daily
usage "from readings only" --agg avg,p95 --bucket 1h --source hourly
usage "from readings only" --agg avg --bucket 1h --source hourly --quality good
usage "enters no aggregate" --agg avg --quality all
usage "not one of: all, usable" --quality bad
usage "not a number from 2" --points 1
usage "leave out --agg" --agg avg --points 100
usage "choose one" --points 100 --format r1
usage "is for readings" --agg avg --format r1
usage "not one of: table, csv" --format xml
usage "neither .png nor .svg" --plot=a.pdf
usage "with --plot there are none" --plot --format csv
usage "give --bucket" --plot --agg avg
usage "are for --plot" --width 100
usage "for this plot" --plot --width 20
usage "for this plot" --plot=a.png --width 20
usage "pgpass" -d "host=db password=hunter2"
is "a password is not repeated" "$(grep -c hunter2 err)" 0
usage "-d:" -d "hots=db"

fails "no server" 69 tsdb-query -d "host=$work port=1"
like "naming where it looked" "$(cat err)" "cannot connect: .*$work/.s.PGSQL.1"
is "nothing on stdout" "$(cat out)" ""
finish
