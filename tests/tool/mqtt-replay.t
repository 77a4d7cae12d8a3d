#!/bin/bash
# mqtt-replay: a spool and dumps come back as they were, chosen and paced; damage is found, and passed when asked.
. "${0%/*}/../lib/tap.sh"

spool_writer=$BIN/../tests/helper/spool-writer
tab=$(printf '\t')

# message I [SECOND [TOPIC]]: a record without number or crc; payload I.
message() {
	printf 'm1\t0\t2026-01-01T00:%02d:%02d.000000Z\t%s\tq1\t\t\t%s\n' $((${2:-0} / 60)) $((${2:-0} % 60)) "${3:-t}" "$1"
}
# messages FROM TO: payloads FROM to TO, one a second.
messages() {
	local i
	for ((i = $1; i <= $2; i++)); do message $i $((i % 3600)); done
}
payloads() {
	cut -f8 "$@" | tr '\n' ' '
}
seqs() {
	cut -f2 "$@"
}

# ---- usage ----

fails "--help" 0 mqtt-replay --help
like "is a usage" "$(cat out)" '^usage: mqtt-replay'
is "of at most 40 lines" "$(($(wc -l <out) <= 40))" 1
fails "-V" 0 mqtt-replay -V
mkdir empty
for args in --follow '--checkpoint a' '--rate 1 --speed 1' '--rate 0' '--speed x' '--from noon' '--to 2026-13-01T00:00:00Z' \
	'--from now --to -1h' '--topic a/#/b' '--after -1' '--after 18446744073709551615' '--max-line 1' 'empty empty' 'empty -' \
	'--checkpoint ../x empty' '--checkpoint .x empty' '--verify --salvage' '--verify --topic a' '--verify --after 1' '--verify --reject x' --no-such; do
	# shellcheck disable=SC2086
	fails "usage: $args" 64 mqtt-replay $args
done
fails "a file that is not there" 66 mqtt-replay nowhere
fails "a reject file that cannot be made" 73 mqtt-replay --reject /nowhere/x
fails "an empty spool" 0 mqtt-replay empty
like "has nothing" "$(cat err)" 'records 0, replayed 0, filtered 0, rejected 0'

# ---- a spool ----

messages 1 200 | "$spool_writer" spool 4K >written
messages 201 300 | "$spool_writer" spool 4K >>written
check "the spool has many segments" test "$(ls spool/*.m1 | wc -l)" -gt 5
check "a spool" mqtt-replay --metrics prom spool
is "comes back as it is" "$(cmp out written && echo same)" same
is "the summary adds up" "$(cat err)" "mqtt-replay: records 300, replayed 300, filtered 0, rejected 0"
is "the metrics are the same" "$(sed -n 's/^sensorpipe_replay_//p' prom | head -n 4 | tr '\n' ' ')" \
	"records_total 300 replayed_total 300 filtered_total 0 rejected_total 0 "
like "and have the last number" "$(grep '^sensorpipe_replay_last_seq' prom | awk '{ printf "%.0f", $2 }')" \
	"^$(seqs written | tail -n 1)$"
ninth=$(sed -n 9p written | seqs) last=$(seqs written | tail -n 1)
check "--after" mqtt-replay --after "$ninth" spool
is "gives higher numbers only" "$(cmp out <(tail -n +10 written) && echo same)" same
check "--after the last" mqtt-replay --after "$last" spool
is "gives nothing" "$(cat out)" ""
fails "--after beyond the last is another spool's" 65 mqtt-replay --after $((last + 1)) spool
like "which is said" "$(cat err)" "messages after number $((last + 1)) are wanted, but the last one here is $last"
is "an empty spool may have any number yet" "$(mqtt-replay --quiet --after 5 empty; echo $?)" 0
check "--topic and --from and --to" mqtt-replay --topic 't/#' --topic x --from 2026-01-01T00:01:40Z --to 2026-01-01T01:01:42+01:00 spool
is "choose" "$(payloads out)" "100 101 "
is "what is left out is counted" "$(cat err)" "mqtt-replay: records 300, replayed 2, filtered 298, rejected 0"
check "a time ago" mqtt-replay --from -30m --quiet spool
is "is after all of them or none" "$(cat out)" ""

# ---- checkpoints ----

first=$(seqs written | head -n 1)
check "--checkpoint of a new consumer" mqtt-replay --checkpoint store spool
is "starts at the first message" "$(cmp out written && echo same)" same
is "and makes it known" "$(cat spool/checkpoints/store)" $((first - 1))
echo "$ninth" >spool/checkpoints/store
check "--checkpoint of a known one" mqtt-replay --checkpoint store spool
is "starts behind it" "$(cmp out <(tail -n +10 written) && echo same)" same
is "and leaves it" "$(cat spool/checkpoints/store)" "$ninth"
check "--after is stronger" mqtt-replay --checkpoint store --after "$first" spool
is "so it starts there" "$(cmp out <(tail -n +2 written) && echo same)" same
echo nonsense >spool/checkpoints/store
fails "a checkpoint that is no number" 65 mqtt-replay --checkpoint store spool
fails "--verify finds it" 65 mqtt-replay --verify spool
rm spool/checkpoints/store

# ---- trimming ----

cp -r spool trimming
echo "$last" >trimming/checkpoints/all
message last | "$spool_writer" trimming 4K 0 >/dev/null
check "what nobody needs was deleted" test "$(ls trimming/*.m1 | wc -l)" -lt 3
check "a number that was deleted" mqtt-replay --after "$ninth" trimming
like "is warned of" "$(cat err)" "messages after number $ninth up to $(cat trimming/trimmed) were deleted before they were read"
is "and the rest comes" "$(payloads out | grep -o 'last ')" "last "
check "from the start nothing is missing" mqtt-replay trimming
is "as it was not asked for" "$(grep -c deleted err)" 0

# ---- files ----

messages 1 3 >plain.m1
cat >json <<'END'
{"tst":"2026-01-01T00:00:04.000000Z+0000","topic":"t","qos":1,"retain":0,"payloadlen":1,"mid":1,"payload":4}
{"tst":"2026-01-01T00:00:05.000000Z+0000","topic":"t","qos":1,"retain":0,"payloadlen":1,"payload":"5"}
END
check "files, one after the other" mqtt-replay plain.m1 json spool/*.m1
is "as they are, or as records" "$(head -n 5 out)" "$(messages 1 5)"
is "and with their crc" "$(tail -n +6 out | cmp - written && echo same)" same
check "standard input" eval 'mqtt-replay <written'
is "comes back" "$(cmp out written && echo same)" same
check "among files" eval 'mqtt-replay plain.m1 - json <written'
is "in its place" "$(payloads out | cut -d ' ' -f 1-4,303-306)" "1 2 3 1 300 4 5 "
check "--after" mqtt-replay --after "$ninth" plain.m1 spool/*.m1
is "leaves out what has no number" "$(cmp out <(tail -n +10 written) && echo same)" same

for pack in 'gzip' 'zstd -q'; do
	# Two members or frames, the first of them cut inside of a line.
	{ head -c 5000 written | $pack; tail -c +5001 written | $pack; } >packed
	check "$pack" mqtt-replay packed
	is "$pack: comes back" "$(cmp out written && echo same)" same
	check "$pack: standard input" eval 'mqtt-replay <packed'
	is "$pack: comes back" "$(cmp out written && echo same)" same
	check "$pack: a slow pipe" eval '{ head -c 3000 packed; sleep 0.1; tail -c +3001 packed; } | mqtt-replay'
	is "$pack: comes back" "$(cmp out written && echo same)" same
	head -c -20 packed >short
	fails "$pack: one cut short" 65 mqtt-replay --reject cut.x1 short plain.m1
	like "$pack: is said" "$(cat err)" "'short': near byte [0-9]+: the compressed data ends too early"
	is "$pack: the next file is read" "$(tail -n 3 out)" "$(messages 1 3)"
	n=$(($(wc -l <out) - 3))
	is "$pack: what was before it came" "$(head -n $n out | cmp - <(head -n $n written) && echo same)" same
	fails "$pack: --verify finds it" 65 mqtt-replay --verify short
	fails "$pack: --verify of the whole" 0 mqtt-replay --verify packed
	{ cat packed; echo junk; } >long
	fails "$pack: junk behind it" 65 mqtt-replay long
	like "$pack: is said" "$(cat err)" "damaged (gzip|zstd) data"
	is "$pack: what was before it came" "$(cmp out written && echo same)" same
done

flip() { # FILE LINE: changes the payload of a line
	sed -i "$2s/\(.*\t\)[0-9]*\(\t[0-9a-f]*\)$/\1999999\2/" "$1"
}
cp written hostile
flip hostile 2
{ head -n 3 hostile; echo 'm1	nine	'; echo junk; printf '%2000s\n' x; printf 'r1\tx\n'; printf '\0\0\0\n'; sed -n 4p written
	printf 'm1\t7'; } >bad
fails "hostile lines" 65 mqtt-replay --max-line 1000 --reject bad.x1 bad
is "are dead letters" "$(cut -f4 bad.x1 | tr '\n' ' ')" "damaged malformed not-a-record too-long wrong-kind not-a-record truncated "
is "that name file and line" "$(cut -f5 bad.x1 | cut -d: -f1,2 | tr '\n' ';')" \
	"bad: line 2, column $(awk -F'\t' 'NR == 2 { print length($0) - 7 }' bad);bad: line 4, column 4;bad: line 5;bad: line 6;bad: line 7;bad: line 8;bad: line 10;"
is "the sound ones pass" "$(payloads out)" "1 3 4 "
like "and the counts add up" "$(cat err)" "records 10, replayed 3, filtered 0, rejected 7"
check "--salvage makes no failure of it" mqtt-replay --salvage --max-line 1000 --reject again.x1 bad
fails "--verify finds them" 65 mqtt-replay --verify --max-line 1000 bad
is "all" "$(tail -n 1 out | cut -f2,9)" "3${tab}7"
like "by line" "$(cat err)" '^mqtt-replay: bad:2: a crc that does not match'
fails "dead letters instead of messages" 65 mqtt-replay bad.x1
like "are told from messages" "$(cat err)" "bad.x1:1: a dead letter .*cut -f6-"
fails "even in the second file" 65 mqtt-replay plain.m1 bad.x1
is "once the first is written out" "$(cat out)" "$(messages 1 3)"
fails "a file that cannot be read" 74 mqtt-replay /proc/self/mem

# ---- verify ----

fails "--verify of a sound spool" 0 mqtt-replay --verify spool
is "has a line a segment" "$(wc -l <out)" $(($(ls spool/*.m1 | wc -l) + 1))
is "with all records" "$(awk -F'\t' 'NR > 1 { n += $2; bytes += $7 } END { print n, bytes }' out)" "300 $(cat spool/*.m1 | wc -c)"
is "with their numbers" "$(awk -F'\t' 'NR == 2 { print $3 } END { print $4 }' out)" "$(seqs written | sed -n '1p;$p')"
gap=$(($(sed -n 201p written | seqs) - $(sed -n 200p written | seqs) - 1))
is "and the gap of the writer's second start" "$(awk -F'\t' 'NR > 1 && $8 > 0 { print $8 }' out)" $gap
like "in times" "$(sed -n 2p out | cut -f5)" '^2026-01-01T00:00:01.000000Z$'

# ---- damage ----

segment=$(ls spool/*.m1 | sed -n 2p)
damage() { # MAKES spool damaged BY COMMAND on $file
	rm -rf damaged
	cp -r spool damaged
	file=damaged/${segment#spool/}
	"$@"
}
before=$(wc -l <"$(ls spool/*.m1 | sed -n 1p)")
lines=$(wc -l <"$segment")
# one NAME LINES REST...: the damaged spool stops there with LINES of the segment before it; salvage loses one.
one() {
	fails "$1: ends the replay" 65 mqtt-replay damaged
	like "$1: with file and offset" "$(cat err)" "'$file': offset [0-9]+: .*; see mqtt-replay --verify, --salvage"
	is "$1: all before it came" "$(cmp out <(head -n $((before + $2)) written) && echo same)" same
	fails "$1: --verify finds it" 65 mqtt-replay --verify damaged
	is "$1: in one place" "$(awk -F'\t' 'NR > 1 { n += $9 } END { print n }' out)" 1
	rm -f salvage.x1
	check "$1: --salvage goes on" mqtt-replay --salvage --reject salvage.x1 damaged
	is "$1: with all that is sound" "$(cmp out <(sed "$((before + $2 + 1))d" written) && echo same)" same
	like "$1: and the counts add up" "$(tail -n 1 err)" "records $3, replayed 299, filtered 0, rejected $4"
}
flip_one() { flip "$file" 5; }
damage flip_one
one "a changed payload" 4 300 1
is "is a dead letter" "$(cut -f3,4 salvage.x1)" "mqtt-replay${tab}damaged"
like "that says where" "$(cut -f5 salvage.x1)" "^${file#damaged/}: offset [0-9]+: a crc that does not match"
is "and has the line" "$(cut -f6- salvage.x1)" "$(sed -n 5p "$file")"
cut_line() { sed -i 5d "$file"; }
damage cut_line
one "a line that is gone" 4 299 0
tear() { head -c -3 "$file" >x && mv x "$file"; }
damage tear
one "a segment that is cut short" $((lines - 1)) 300 1
zeros() { sed -i "5s/.*/$(printf '\\x00%.0s' {1..50})/" "$file"; }
damage zeros
one "a line of zeros" 4 300 1
file=$(ls damaged/*.m1 | tail -n 1)
rm -rf damaged
cp -r spool damaged
head -c -3 "$file" >x && mv x "$file"
check "a torn end of the last segment is no damage" mqtt-replay damaged
is "it was never acknowledged" "$(cmp out <(head -n 299 written) && echo same)" same
like "but told" "$(cat err)" 'ends in [0-9]+ bytes of a record that is not finished'
check "nor for --verify" mqtt-replay --verify damaged
check "a segment that is moved out can be salvaged as a file" mqtt-replay --salvage "$file"

# ---- following ----

# As trimming is looked at once a second, further records are given to the writer.
trimmed_beyond() {
	messages 0 0 >&3
	[ "$(cat live/trimmed)" -gt "$1" ]
}
lines_are() { [ "$(wc -l <"$1")" = "$2" ]; }
rm -rf live
mkfifo feed
"$spool_writer" live 4K 0 <feed >live.written &
writer=$!
exec 3>feed
messages 1 10 >&3
check "the writer is at work" wait_for 20 lines_are live.written 10
mqtt-replay --follow --checkpoint c --metrics live.prom live >live.out 2>live.err &
reader=$!
check "--follow gives what there is" wait_for 20 lines_are live.out 10
messages 11 11 >&3
check "and each that comes" wait_for 20 lines_are live.out 11
messages 12 400 >&3
check "through rotations" wait_for 20 lines_are live.out 400
check "as they were written" cmp live.out live.written
check "the metrics are kept" wait_for 20 grep -q 'replayed_total 400$' live.prom
check "the checkpoint holds the segments" test "$(ls live/*.m1 | wc -l)" -gt 4
seqs live.written | tail -n 1 >live/checkpoints/c.tmp
mv live/checkpoints/c.tmp live/checkpoints/c
check "and none behind it" wait_for 20 trimmed_beyond "$(seqs live.written | sed -n 300p)"
check "without harm to who has read them" wait_for 20 cmp live.out live.written
kill -TERM $reader
wait $reader
is "SIGTERM ends it with 0" $? 0
n=$(wc -l <live.written)
like "and a summary" "$(cat live.err)" "records $n, replayed $n, filtered 0, rejected 0"

after=$(seqs live.written | tail -n 1)
mqtt-replay --follow --after "$after" --metrics behind.prom live 2>behind.err >behind.out &
reader=$!
check "a reader that is stopped" wait_for 20 test -e behind.prom
kill -STOP $reader
echo 18446744073709551614 >live/checkpoints/c
messages 402 800 >&3
check "while what it wants is deleted" wait_for 20 trimmed_beyond "$((after + 300))"
messages 801 900 >&3
kill -CONT $reader
check "goes on" wait_for 20 grep -q "${tab}900${tab}" behind.out
read -r from to < <(sed -n 's/.*messages after number \([0-9]*\) up to \([0-9]*\) were deleted before they were read.*/\1 \2/p' behind.err)
check "and warns of what is missing" test "$from" -ge "$after" -a "$to" -gt "$from"
kill -TERM $reader
wait $reader
is "ends with 0" $? 0
is "has all the rest" "$(awk -v after="$after" -v from="$from" -v to="$to" \
	'$2 > after && ($2 <= from || $2 > to)' live.written | cmp - behind.out && echo same)" same

mkfifo pipe
mqtt-replay --follow --after "$(seqs live.written | tail -n 1)" --metrics waiting.prom live 2>closed.err >pipe &
reader=$!
exec 4<pipe
check "a reader that waits" wait_for 20 test -e waiting.prom
exec 4<&-
wait $reader
is "a closed output ends it while it waits" $? 74
like "and says so" "$(cat closed.err)" 'stdout: Broken pipe'
exec 3>&-
wait $writer

rm -rf young
mkdir young
mqtt-replay --follow --after 7 --metrics young.prom young >young.out 2>young.err &
reader=$!
check "an empty spool" wait_for 20 test -e young.prom
messages 1 2 | "$spool_writer" young >young.written
check "is followed once it has messages" wait_for 20 lines_are young.out 2
kill -TERM $reader
wait $reader
mkdir foreign
mqtt-replay --follow --after 18446744073709551000 --metrics foreign.prom foreign >foreign.out 2>foreign.err &
reader=$!
check "an empty spool" wait_for 20 test -e foreign.prom
messages 1 2 | "$spool_writer" foreign >foreign.written
wait $reader
is "ends it when its messages have numbers below the wanted one" "$?" 65
is "with nothing" "$(cat foreign.out)" ""

# ---- pace ----

took() { # COMMAND...: milliseconds
	local begin=${EPOCHREALTIME/./}
	"$@" >took.out 2>took.err
	echo $(((${EPOCHREALTIME/./} - begin) / 1000))
}
messages 1 51 >paced
t=$(took mqtt-replay --rate 100 paced)
check "--rate 100: 51 messages take half a second ($t ms)" test "$t" -ge 480
is "and all come" "$(wc -l <took.out)" 51
t=$(took mqtt-replay --speed 100 paced)
check "--speed 100: 50 seconds do, too ($t ms)" test "$t" -ge 480
is "and all come" "$(wc -l <took.out)" 51
{ message 1 3000; message 2 0; message 3 0; } >back
t=$(took mqtt-replay --speed 0.001 back)
check "a clock that was set back is no wait ($t ms)" test "$t" -lt 20000
for source in paced 'paced --metrics m'; do
	# shellcheck disable=SC2086
	mqtt-replay --rate 0.01 $source >slow.out 2>slow.err &
	reader=$!
	check "the first comes at once" wait_for 20 lines_are slow.out 1
	kill -TERM $reader
	wait $reader
	is "SIGTERM ends a wait of 100 seconds with 0" "$?" 0
	like "and the counts add up" "$(cat slow.err)" 'records 2, replayed 2, filtered 0, rejected 0'
done
mqtt-replay --rate 0.01 paced >pipe 2>closed.err &
reader=$!
exec 4<pipe
read -r -u 4 _
exec 4<&-
wait $reader
is "a closed output ends such a wait" $? 74

mkfifo source
mqtt-replay --rate 0.01 <source >drained.out 2>drained.err &
reader=$!
cat paced >source
check "of a pipe, the first comes at once" wait_for 20 lines_are drained.out 1
kill -TERM $reader
wait $reader
is "SIGTERM ends it with 0" "$?" 0
is "and what was in the pipe is not lost" "$(cmp drained.out paced && echo same)" same

# ---- progress ----

on_terminal() { script -qec "$*" typescript >/dev/null; }
on_terminal "mqtt-replay --rate 600 spool >out 2>/dev/tty"
like "a bar on a terminal" "$(tr '\r' '\n' <typescript)" '^ *[0-9]+% \[=*> *\] [0-9]+ messages, [0-9]+/s, 0:0[0-9] left'
like "is taken away before the summary" "$(tr '\r' '\n' <typescript)" $'^\x1b\\[Kmqtt-replay: records 300'
for args in '--no-progress' '--quiet'; do
	on_terminal "mqtt-replay --rate 600 $args spool >out"
	is "$args: none" "$(grep -c '%' typescript)" 0
done
on_terminal "mqtt-replay --rate 600 --verify spool >out"
is "none where it is done at once" "$(grep -c '%' typescript)" 0
on_terminal "mqtt-replay --rate 600 spool"
is "none where the messages go to the terminal" "$(grep -c '%' typescript)" 0
mqtt-replay --progress --rate 600 spool >out 2>err
is "no control sequences where there is no terminal" "$(grep -c "$(printf '\033')" err)" 0
finish
