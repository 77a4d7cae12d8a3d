#!/bin/bash
# sensor-decode takes Sparkplug B: births are kept over restarts and asked for, counts add up, examples run.
. "${0%/*}/../lib/tap.sh"

at=$(date -u +%Y-%m-%dT%H:%M:%S.000000Z)

# sp SEQ TYPE SOURCE PAYLOAD [AT]: the record of a message of group g; the payload is given escaped.
sp() {
	printf 'm1\t%s\t%s\tspBv1.0/g/%s/%s\tq0\t\t\t%s\n' "$1" "${5:-$at}" "$2" "$3" "$4"
}
# number N: as an escaped byte (of those that need no escape but these)
number() {
	case $1 in 9) printf '\\t' ;; 10) printf '\\n' ;; 13) printf '\\r' ;; *) printf '\\x%02x' "$1" ;; esac
}
# Payload: field 3 (0x18) is seq, field 2 (0x12) a metric: name 1 (0x0a), alias 2 (0x10), datatype 4 (0x20),
# int_value 10 (0x50). Here the metric "t" with alias 1, an Int32 (3).
birth() { printf '\\x18%s\\x12\\t\\n\\x01t\\x10\\x01 \\x03P%s' "$(number "$1")" "$(number "$2")"; }
data() { printf '\\x18%s\\x12\\x04\\x10\\x01P%s' "$(number "$1")" "$(number "$2")"; }
# values: the sensors and metrics of what came out
values() { grep ^r1 "${1:-out}" | cut -f6,8- | tr '\t\n' ' ,'; }

(
	printf 'm1\t1\t2026-11-22T16:03:41Z\tspBv1.0/hall/NBIRTH/press-3\tq0\t\t\t'
	printf '\\x18\\x00\\x12\\t\\n\\x01t\\x10\\x01 \\x03P\\x05\n'
	printf 'm1\t2\t2026-11-22T16:03:42Z\tspBv1.0/hall/NDATA/press-3\tq0\t\t\t'
	printf '\\x18\\x01\\x12\\x04\\x10\\x01P\\x06\n'
) | sensor-decode --quiet >example
is "the manual's example" "$(cut -f4,6- example)" "$(printf '%s\tpress-3\t\t%s\n' \
	2026-11-22T16:03:41.000000Z $'t=5\tonline=true' 2026-11-22T16:03:42.000000Z t=6)"

# ---- a node's life ----

{
	sp 1 NDATA n "$(data 4 7)"
	sp 2 NBIRTH n "$(birth 0 5)"
	sp 3 DBIRTH n/d "$(birth 1 6)"
	sp 4 NDATA n "$(data 2 7)"
	sp 5 DDATA n/d "$(data 3 8)"
	sp 6 NCMD n ''
	sp 7 STATE host '{"online":true}'
	sp 8 NDATA n "$(data 5 9)"
	sp 9 DDEATH n/d "\\x18$(number 6)"
	sp 10 NDEATH n ''
} >life
sed -i 's|g/STATE|STATE|' life
check "a node's life" sensor-decode --reject rejects --metrics prom --requests requests <life
is "gives its values by name, doubtful ones marked" "$(values)" \
	"n t=5 online=true,n/d t=6 online=true,n t=7,n/d t=8,n t=9;3,n/d online=false,n online=false,"
is "what holds nothing is skipped" "$(grep ^s1 out | cut -f2,4 | tr '\t\n' ' ,')" "1 no-birth,6 no-data,7 no-data,"
is "without a dead letter" "$(cut -f4,7 rejects)" "$(printf 'no-birth\t1')"
like "the counts add up" "$(cat err)" "lines 10, malformed 0, messages 10, decoded 7, skipped 3, readings 7"
like "those of Sparkplug, too" "$(cat err)" \
	"sparkplug: births 2, deaths 2, gaps 1, metrics 5, left out 0, births asked for 1$"
is "and in the file" "$(grep -E 'sparkplug_(gaps|births|deaths|requests)_total|skipped_total.*no-data' prom | grep -v '#' | cut -d_ -f3-)" \
	'skipped_total{code="no-data"} 2
sparkplug_births_total 2
sparkplug_deaths_total 2
sparkplug_gaps_total 1
sparkplug_requests_total 1'
is "a birth is asked for, once a minute" "$(cut -f1,4,5 requests)" "$(printf 'm1\tspBv1.0/g/NCMD/n\tq0')"
check "what is asked is a message of Sparkplug" sensor-decode <requests
is "a command" "$(cut -f4 out)" no-data
sed "s/$at/2026-01-01T00:00:00Z/" life >old
check "old messages" sensor-decode --reject /dev/null --requests old.requests <old
is "ask for nothing" "$(cat old.requests)" ""

# ---- over a restart ----

{ sp 1 NBIRTH n "$(birth 0 5)"; sp 2 NDATA n "$(data 1 6)"; } >first
{ sp 3 NDATA n "$(data 2 7)"; sp 4 NDATA n "$(data 3 8)"; } >second
sp 4 NDATA n "$(data 4 8)" >third
check "births are kept" sensor-decode --quiet --state state <first
check "and known after a restart" sensor-decode --quiet --state state --requests asked <second
is "no message is missing" "$(values)$(cat asked)" "n t=7,n t=8,"
cp -R state crashed
grep -v NDATA crashed/births >births # as if it had been killed
cat births >crashed/births
check "after a crash" sensor-decode --quiet --state crashed --requests asked <third
is "the names are known" "$(values)" "n t=8,"
is "and a birth is asked for" "$(cut -f4 asked)" spBv1.0/g/NCMD/n
{ sp 5 NBIRTH n "$(birth 0 1 | sed 's/t\\x10/u\\x10/')"; sp 6 NDATA n "$(data 1 2)"; } >fourth
check "another birth" sensor-decode --quiet --state state <fourth
cat second fourth >again
check "a replay from before it" sensor-decode --quiet --state state <again
is "has the names of then" "$(values)" "n t=7,n t=8,n u=1 online=true,n u=2,"
check "a replay from behind it" sensor-decode --quiet --state state < <(sp 7 NDATA n "$(data 2 3)")
is "has the new ones" "$(values)" "n u=3,"
is "without a state there are none" "$(sensor-decode --quiet --reject /dev/null <second | cut -f1,4 | sort -u)" \
	"$(printf 's1\tno-birth')"

mkfifo pipe
sensor-decode --quiet --state state <pipe >live &
decoder=$!
exec 3>pipe
sp 8 NBIRTH n "$(birth 0 5)" >&3
check "a birth goes on" wait_for 10 grep -q t=5 live
is "not before it is kept" "$(grep -c '^m1.8' state/births)" 1
fails "a state in use: status 75" 75 sensor-decode --state state <first
exec 3>&-
wait $decoder
echo junk >>state/births
fails "a damaged state: status 65" 65 sensor-decode --state state < <(sp 20 NDATA n "$(data 1 6)")
like "and where" "$(cat err)" "'state/births' is damaged at offset [0-9]+: "
fails "a state that cannot be: status 73" 73 sensor-decode --state /dev/null/state <first
fails "requests that cannot be: status 73" 73 sensor-decode --requests /nowhere/file <first
fails "requests that cannot be written: status 74" 74 sensor-decode --requests /dev/full --reject /dev/null <life
finish
