#!/bin/bash
. "${0%/*}/../lib/tap.sh"

# The command line of tsdb-admin; what it does in a database is tested in tests/chain/admin-*.t.

is "version" "$(tsdb-admin -V)" "tsdb-admin 0.1.0"
check "--help" tsdb-admin --help
is "--help fits a screen" "$(($(wc -l <out) <= 40))" 1
is "--help is on stdout alone" "$(cat err)" ""

fails "no command" 64 tsdb-admin
fails "unknown command" 64 tsdb-admin drop
like "naming it" "$(cat err)" "unknown command 'drop'"
fails "unknown option" 64 tsdb-admin --frobnicate init
fails "an argument too many" 64 tsdb-admin status now
like "naming it" "$(cat err)" "status: unexpected argument 'now'"
fails "watermark of nothing" 64 tsdb-admin watermark
fails "unknown engine" 64 tsdb-admin init --engine oracle
fails "--engine is not for migrate" 64 tsdb-admin migrate --engine auto
fails "--dry-run is not for status" 64 tsdb-admin --dry-run status
fails "--json is not for init" 64 tsdb-admin --json init
fails "a malformed conninfo" 64 tsdb-admin -d "hots=db" status

fails "policy of something" 64 tsdb-admin policy raw
fails "policy set of nothing" 64 tsdb-admin policy set
fails "policy set of something unknown" 64 tsdb-admin policy set cooked=30d
like "names what there is" "$(cat err)" "policy set: 'cooked=30d' names no policy: there are raw, texts"
fails "an age that is none" 64 tsdb-admin policy set raw=1month
fails "an age that is too short" 64 tsdb-admin policy set raw=12h
fails "a policy twice" 64 tsdb-admin policy set raw=30d raw=40d
fails "--dry-run is not for policy alone" 64 tsdb-admin policy --dry-run
fails "--json is not for policy set" 64 tsdb-admin policy set raw=30d --json
fails "--json is not for maintain" 64 tsdb-admin maintain --json

fails "grant of an unknown role" 64 tsdb-admin grant owner me
like "names what there is" "$(cat err)" "grant 'owner': not one of: writer, replacer, reader, admin"
fails "grant to nobody" 64 tsdb-admin grant writer
fails "grant to several" 64 tsdb-admin grant writer me you
fails "--json is not for grant" 64 tsdb-admin grant --json
fails "--dry-run is not for doctor" 64 tsdb-admin doctor --dry-run
fails "doctor of something" 64 tsdb-admin doctor disk

fails "lag of nothing" 64 tsdb-admin lag --spool .
fails "lag behind no spool" 64 tsdb-admin lag plant1
like "names the option" "$(cat err)" 'lag: .*--spool'
fails "lag of a source that can have no checkpoint" 64 tsdb-admin lag --spool . ../plant1
fails "--spool is not for status" 64 tsdb-admin status --spool .
fails "--max-seconds is not for watermark" 64 tsdb-admin watermark --max-seconds 1 plant1
fails "--watch does not go with a limit" 64 tsdb-admin lag --spool . --watch --max-messages 0 plant1
fails "--watch is not for maintain" 64 tsdb-admin maintain --watch
fails "--watch of no time" 64 tsdb-admin lag --spool . --watch=0 plant1
fails "a limit that is none" 64 tsdb-admin lag --spool . --max-messages few plant1
fails "no such spool" 66 tsdb-admin -d "host=$work port=1" lag --spool nowhere plant1
like "naming it" "$(cat err)" "cannot open the spool 'nowhere'"

fails "a password in the conninfo" 64 tsdb-admin -d "host=db password=hunter2" status
like "is refused with the way out" "$(cat err)" 'pgpass'
fails "a password in a URI" 64 tsdb-admin --dbname=postgresql://me:hunter2@db/sensors status
is "is not repeated" "$(grep -c hunter2 err)" 0

fails "no server" 69 tsdb-admin -d "host=$work port=1" status
like "naming where it looked" "$(cat err)" "cannot connect: .*$work/.s.PGSQL.1"
finish
