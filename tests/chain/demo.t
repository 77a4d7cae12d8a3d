#!/bin/bash
# The demo: its counts add up, it can be kept and stopped, and it leaves nothing behind however it ends.
# First build only: what it proves is a script.
. "${0%/*}/../lib/tap.sh"
command -v mosquitto >/dev/null || skip_all "mosquitto is not installed"
command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || skip_all "postgresql is not installed"

# All that a demo makes lies in its directory here, and its processes name that in their arguments.
export TMPDIR=$work BIN DEMO_SECONDS=2
demo=$root/pipelines/demo
left_behind() {
	pgrep -af "$work/sensorpipe-demo"
	find "$work" -maxdepth 1 -name 'sensorpipe-demo*'
}
nothing_left() { [ -z "$(left_behind)" ]; }
number() { sed -nE "s/^  $1 +([0-9]+).*/\1/p" demo.out; }

cleanup() {
	for dir in "$work"/sensorpipe-demo*; do
		if [ -f "$dir/pids" ]; then "$demo" stop "$dir"; fi
	done
}

check "a demo succeeds" "$demo"
cp out demo.out
is "it publishes 116 messages a second, and this machine's state once a second" "$(number published)" $((2 * 116 + 2))
is "all are received" "$(number received)" "$(number published)"
is "stored, duplicates, rejected and skipped add up" \
	$(($(number stored) + $(number duplicates) + $(number rejected) + $(number skipped))) "$(number published)"
is "codes of the rejected add up" \
	"$(sed -n '/^  rejected/,/^  skipped/p' demo.out | sed '$d; s/^  rejected *[0-9]*//' | grep -oE '[0-9]+' |
		awk '{ n += $1 } END { print n + 0 }')" "$(number rejected)"
like "the last values are shown" "$(cat demo.out)" '^climate +sim-000000 .*temperature [0-9.-]+'
like "this machine is among them" "$(cat demo.out)" '^host .*load1 [0-9.]+'
is "the chart has its six rows" "$(grep -c '█' demo.out)" 6
check "nothing is left behind" wait_for 10 nothing_left

# A tool that fails.
mkdir bin
ln -s "$BIN"/* bin
rm bin/tsdb-copy
printf '#!/bin/sh\necho "tsdb-copy: broken on purpose" >&2\nexit 70\n' >bin/tsdb-copy
chmod +x bin/tsdb-copy
fails "a failing tool fails the demo" 70 env BIN="$work/bin" "$demo"
like "what it said is shown" "$(cat err)" '^tsdb-copy: broken on purpose'
check "nothing is left behind then" wait_for 10 nothing_left

# Ended while the sensors send.
DEMO_SECONDS=60 "$demo" >ended.out 2>ended.err &
pid=$!
check "a long demo gets to its live part" wait_for 60 grep -q '^  live' ended.out
sleep 0.5
kill -TERM $pid
status=0
wait $pid || status=$?
is "SIGTERM ends it as the signal does" $status 143
is "without a word" "$(cat ended.err)" ""
check "nothing is left behind then" wait_for 10 nothing_left

# Kept.
check "a demo with KEEP=1 succeeds" env KEEP=1 "$demo"
cp out kept.out
# The lines that the page gives for copying, run as they stand.
line() { grep -A1 "^  $1 " kept.out | sed -nE "1s/^  $1 +//p; 2{/^   /p}"; }
check "the line to publish by hand works" eval "$(line publish)"
kitchen() { eval "$(line look)" | grep -q kitchen; }
check "and the value arrives" wait_for 20 kitchen
check "the line to stop works" eval "$(line stop)"
check "nothing is left behind then" wait_for 10 nothing_left

fails "a length that is none" 64 env DEMO_SECONDS=short "$demo"
fails "nothing to stop" 66 "$demo" stop "$work"
finish
