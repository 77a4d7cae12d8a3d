#!/bin/bash
# How store and ingest run their parts: what they start, what ends them and with what status, what is started
# again, and that no process stays behind whichever is killed. The tools are stand-ins here.
. "${0%/*}/../lib/tap.sh"

# A stand-in notes its process id and arguments. The heads wait for a signal, the others copy their input; each
# ends with 74 when its reader is gone, as the tools do. It exits with the number in NAME.exit, if there is one,
# instead.
mkdir bin spool spool/checkpoints
cat >bin/stand-in <<'E2'
#!/usr/bin/perl
use strict;
use IO::Poll qw(POLLIN POLLERR);
use POSIX ();
my ($name) = $0 =~ m{([^/]+)$};
my $dir = $ENV{WORK};
my $head = $name =~ /^mqtt/;
$SIG{TERM} = $SIG{INT} = $head ? sub { leave(0) } : 'IGNORE';
$SIG{PIPE} = 'IGNORE';
sub note { my ($file, $text) = @_; open(my $f, '>>', "$dir/$file") or die; print $f "$text\n"; close $f }
sub leave { $SIG{TERM} = $SIG{INT} = 'IGNORE'; note('ends', $name); POSIX::_exit($_[0]) }
if (open(my $f, '<', "$dir/$name.exit")) { exit <$f> }
if ($name eq 'tsdb-admin' && -e "$dir/silent") { $SIG{TERM} = 'DEFAULT'; note('asked', $$); sleep 1 while 1 }
if ($name eq 'tsdb-admin') { print "7\n" if grep { $_ eq 'watermark' } @ARGV; exit 0 }
note("$name.args", join ' ', @ARGV);
note("$name.pid", $$);
my $poll = IO::Poll->new;
$poll->mask(\*STDOUT => POLLERR);
$poll->mask(\*STDIN => POLLIN) unless $head;
while (1) {
	$poll->poll;
	leave(74) if $poll->events(\*STDOUT) & POLLERR;
	next if $head || !$poll->events(\*STDIN);
	leave(0) unless sysread(STDIN, my $bytes, 65536);
	syswrite(STDOUT, $bytes);
}
E2
chmod +x bin/stand-in
chain=(mqtt-replay sensor-decode sensor-validate tsdb-copy)
for tool in mqtt-sub5 tsdb-admin "${chain[@]}"; do ln -s stand-in "bin/$tool"; done
PATH=$work/bin:$PATH
export WORK=$work SPOOL=$work/spool SOURCE=plant1

session=
cleanup() {
	[ -z "$session" ] || pkill -KILL -s "$session"
}
# run SCRIPT ARGUMENT...: in a session of its own, by which all its processes are found; sets $session.
run() {
	rm -f ./*.pid ./*.args ./ends run.err
	setsid "$root/pipelines/$1" "${@:2}" >run.out 2>run.err &
	session=$!
}
# left: its processes. (An ended one that nobody asked for its status yet does not count.)
left() { ps -o pid=,stat=,args= -s "$session" | awk '$2 !~ /^Z/'; }
none_left() { [ -z "$(left)" ]; }
# over STATUS: it ends with this status, and leaves nothing behind.
over() {
	local status=0
	wait_for 20 eval "! kill -0 $session" || return 1
	wait "$session" || status=$?
	[ "$status" = "$1" ] || { echo "status $status"; return 1; }
	wait_for 20 none_left || { left; return 1; }
}
# runs TOOL...: each has been started (since `run`), the COUNT-th time.
runs() {
	local tool
	for tool; do [ -s "$tool.pid" ] || return 1; done
}
started() { [ "$(wc -l <"$1.pid")" -ge "$2" ]; }
pid() { tail -n 1 "$1.pid"; }

# ---- store ----

run store
check "store starts its chain" wait_for 20 runs "${chain[@]}"
is "the replay goes on behind the watermark" "$(cat mqtt-replay.args)" \
	"--follow --after 7 --checkpoint plant1 $work/spool"
is "the database's watermark and the checkpoint follow" "$(cat tsdb-copy.args)" \
	"-d  --reject ./copy.x1 --source plant1 --checkpoint $work/spool/checkpoints/plant1"
kill -TERM "$session"
check "SIGTERM ends it with 0" over 0
is "from its head" "$(tr '\n' ' ' <ends)" "mqtt-replay sensor-decode sensor-validate tsdb-copy "

run store
check "it starts again" wait_for 20 runs "${chain[@]}"
kill -TERM -- "-$session"
check "SIGTERM to the whole group ends it with 0" over 0

for tool in "${chain[@]}"; do
	run store
	wait_for 20 runs "${chain[@]}"
	kill -KILL "$(pid "$tool")"
	check "killing $tool ends all, with its status" over 137
	like "saying which" "$(cat run.err)" "^store: $tool ended with status 137"

	echo 70 >"$tool.exit"
	run store
	check "$tool failing ends all, with its status" over 70
	rm "$tool.exit"
done
run store
wait_for 20 runs "${chain[@]}"
kill -KILL "$session"
check "killing store itself leaves nothing behind" wait_for 20 none_left
wait "$session"

echo 69 >tsdb-admin.exit
run store
check "without the watermark it does not begin" over 69
rm tsdb-admin.exit
# The database does not answer: SIGTERM has the default effect on what asks it, as on tsdb-admin.
touch silent
run store
check "store asks how far it is" wait_for 20 test -s asked
kill -TERM "$session"
check "told to stop while no answer comes, it ends with 0" over 0
rm silent
fails "store without a source" 64 env -u SOURCE "$root/pipelines/store"
fails "capture without a spool" 64 env -u SPOOL "$root/pipelines/capture" -i worker-1

mv spool/checkpoints spool/later
run store
check "a spool that is not there is waited for" wait_for 20 grep -q 'waiting for the spool' run.err
mv spool/later spool/checkpoints
check "until it is" wait_for 20 runs "${chain[@]}"
kill -TERM "$session"
check "and then it is as ever" over 0

# ---- ingest ----

all=(mqtt-sub5 "${chain[@]}")
run ingest -h broker -i worker-1
check "ingest starts capture and store" wait_for 20 runs "${all[@]}"
is "capture keeps the session, and the messages" "$(cat mqtt-sub5.args)" \
	"-c --spool $work/spool -h broker -i worker-1"
kill -KILL "$(pid sensor-validate)"
check "a part that dies is started again" wait_for 20 started sensor-validate 2
like "after a second" "$(cat run.err)" '^ingest: store ended with status 137; starting it again in 1 s'
check "with its neighbours" wait_for 20 started tsdb-copy 2
is "the other part goes on" "$(wc -l <mqtt-sub5.pid)" 1
kill -KILL "$(pid tsdb-copy)"
check "when it dies again, the pause is longer" wait_for 20 grep -q 'status 137; starting it again in 2 s' run.err
kill -KILL "$(pid mqtt-sub5)"
check "capture is started again, too" wait_for 20 started mqtt-sub5 2
check "and store" wait_for 20 started tsdb-copy 3
kill -TERM "$session"
check "SIGTERM ends it with 0" over 0
is "capture first" "$(tr '\n' ' ' <ends | grep -o 'mqtt-sub5 mqtt-replay .*')" \
	"mqtt-sub5 mqtt-replay sensor-decode sensor-validate tsdb-copy "

run ingest
wait_for 20 runs "${all[@]}"
kill -TERM -- "-$session"
check "SIGTERM to the whole group ends it with 0" over 0

run ingest
wait_for 20 runs "${all[@]}"
kill -KILL "$session"
check "killing ingest itself leaves nothing behind" wait_for 20 none_left
wait "$session"

# A number may begin with 0 and is not octal.
DRAIN=08 run ingest
wait_for 20 runs "${all[@]}"
kill -TERM "$session"
check "what is stored ends with DRAIN as with any other number" over 0
(trap '' USR1; exec sleep 60) &
sleeper=$!
is "nor is WITHIN" "$(WITHIN=08 timeout 1 "$root/pipelines/leave" capture $sleeper 2>&1)" ""
kill $sleeper

DRAIN=1 run ingest
wait_for 20 runs "${all[@]}"
echo 75 >tsdb-admin.exit # something is left that is not stored
kill -TERM "$session"
check "what is not stored in time is left for the next start" over 0
rm tsdb-admin.exit

for case in 'mqtt-sub5 64 capture' 'tsdb-copy 78 store' 'tsdb-copy 77 store'; do
	read -r tool status part <<<"$case"
	echo "$status" >"$tool.exit"
	run ingest
	check "status $status of $tool ends all" over "$status"
	like "saying so" "$(cat run.err)" "^ingest: $part ended with status $status"
	rm "$tool.exit"
done

echo 0 >mqtt-sub5.exit
run ingest -C 0
check "a capture that has all it wanted ends all, once it is stored" over 0
rm mqtt-sub5.exit

echo 74 >tsdb-copy.exit
run ingest
check "while store pauses" wait_for 20 grep -q 'starting it again' run.err
kill -TERM "$session"
check "SIGTERM ends it at once, too" over 0
rm tsdb-copy.exit

fails "ingest with a spool and no source" 64 env -u SOURCE "$root/pipelines/ingest"
unset SPOOL SOURCE
run ingest -h broker -t 'a/#'
check "without a spool it is one chain" wait_for 20 runs mqtt-sub5 sensor-decode sensor-validate tsdb-copy
is "from the broker" "$(cat mqtt-sub5.args)" '-h broker -t a/#'
kill -TERM "$session"
check "that SIGTERM ends with 0" over 0
for tool in mqtt-sub5 sensor-decode sensor-validate tsdb-copy; do
	run ingest
	wait_for 20 runs mqtt-sub5 sensor-decode sensor-validate tsdb-copy
	kill -KILL "$(pid "$tool")"
	check "and killing $tool with its status" over 137
done
session=
finish
