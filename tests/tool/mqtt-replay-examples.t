#!/bin/bash
# The examples of mqtt-replay(1) and sensorpipe-spool(5) run as they are printed, with stand-ins for broker and database.
. "${0%/*}/../lib/tap.sh"
. "$root/tests/lib/example.sh"

spool_writer=$BIN/../tests/helper/spool-writer

set -o pipefail

# What stands behind a replay keeps what it gets; and no replay goes on for ever.
tsdb-admin() { echo 0; }
tsdb-copy() { cat >stored; }
mqtt-pub5() { cat >published; }
mqtt-replay() {
	local word words=()
	for word; do [ "$word" = --follow ] || words+=("$word"); done
	command mqtt-replay "${words[@]}"
}

# A fleet, in the first minutes of a year; and a segment of a name the page has.
sensor-sim --count 2000 --seed 1 --quiet | awk -F'\t' -v OFS='\t' '{
	$3 = sprintf("2026-01-01T00:%02d:%02d.000000Z", int(NR / 60), NR % 60); print }' >messages
"$spool_writer" spool 64K <messages >written

check "the chain" eval "$(example mqtt-replay.1 'tsdb-admin watermark')"
is "stores all" "$(wc -l <stored)" 2000
check "its consumer is known" test -s spool/checkpoints/plant
check "is it sound?" eval "$(example mqtt-replay.1 --verify)"
is "a line a segment" "$(wc -l <out)" $(($(ls spool/*.m1 | wc -l) + 1))
check "a window of one type" eval "$(example mqtt-replay.1 'uniq -c')"
is "has its messages" "$(awk '{ n += $1 } END { print n }' out)" \
	"$(head -n 599 messages | cut -f4 | grep -c '^sensors/climate/')"
cut -f1-8 written | zstd -q >dump.m1.zst
echo '{"tst":"2026-01-01T00:00:00.000000Z+0000","topic":"sensors/climate/c1","qos":1,"retain":0,"payloadlen":16,"properties":{"content-type":"application/json"},"payload":{"temperature":2}}' |
	gzip >dump.json.gz
check "old dumps" eval "$(example mqtt-replay.1 dump.json.gz)"
is "are decoded" "$(wc -l <readings)" 2001
# Ten seconds of it, which take one.
mqtt-replay --quiet --to 2026-01-01T00:00:10Z spool | zstd -qf >dump.m1.zst
check "a dump that is paced" eval "$(example mqtt-replay.1 --speed)"
is "is published" "$(wc -l <published)" 9
first=$(ls spool/*.m1 | head -n 1)
sed '3s/sensors/sensorx/' "$first" >damaged.m1
check "a damaged segment" eval "$(example mqtt-replay.1 damaged.m1)"
is "is sound but for a line" "$(wc -l <sound.m1)" $(($(wc -l <"$first") - 1))
like "and that is told" "$(cat out)" '^damaged.m1: line 3, column [0-9]+: a crc that does not match'

check "the last message, by standard tools" eval "$(example sensorpipe-spool.5 'tail -n 1')"
is "and how many" "$(cat out)" "$(tail -n 1 written | cut -f3,4,8; echo 2000)"
check "the topics" eval "$(example sensorpipe-spool.5 'cut -f4')"
is "ten" "$(wc -l <out)" 10
check "who holds how much" eval "$(example sensorpipe-spool.5 'head spool')"
check "a backup" eval "$(example sensorpipe-spool.5 backup/checkpoints)"
is "has all" "$(mqtt-replay --quiet backup | cmp - written && echo same)" same
check "its checkpoints, too" test -s backup/checkpoints/plant
# The page names a segment of its own.
(cd spool && cp "${first#spool/}" 00001763836000000000.m1 && sed -i '3s/sensors/sensorx/' 00001763836000000000.m1)
text=$(example sensorpipe-spool.5 'mkdir -p damaged')
eval "$text" >out 2>err
is "salvaging stores what is sound" "$(wc -l <stored)" $(($(wc -l <"$first") - 1))
check "without the segment the spool is whole" mqtt-replay spool
is "as it was" "$(cmp out written && echo same)" same
check "old segments" eval "$(example sensorpipe-spool.5 archive)"
is "can be decoded as files" "$(wc -l <readings)" "$(wc -l <"backup/${first#spool/}")"
is "and are no longer in the spool" "$(ls archive)" "${first#spool/}.zst"
finish
