#!/bin/bash
# mqtt-sub5 --spool: what is acknowledged is in the spool, and what is not comes again: after -C, SIGTERM,
# SIGKILL and write errors.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/capture.sh"
services_begin "$work/services"
start_broker || { flunk "services start"; finish; }

# -C, and the next run goes on.
for qos in 1 2; do
	name=counted-$qos
	check "-E makes session and spool (QoS $qos)" subscribe $name -q $qos -E
	publish $name 3000 $qos
	for count in 1 2 997 2000; do
		subscribe $name -q $qos -C $count -W 30 --sync none --quiet >>stdout || echo "status $?"
	done
	is "-C spools so many, in order, run after run (QoS $qos)" "$(payloads $name | differs 3000)" ""
	check "with numbers that rise" rises $name
done
is "and nothing goes to standard output" "$(wc -c <stdout)" 0
fails "-W before -C is met" 75 subscribe counted-1 -C 1 -W 0.3
like "the counts add up" "$(cat err)" 'received 0 messages, spooled 0, payload bytes 0'

# --tee, and every way to sync.
check "-E makes a session" subscribe teed -E
for sync in always 0.001 none; do
	publish teed 200 1
	subscribe teed -C 200 -W 30 --sync $sync --tee >>copy 2>err || echo "status $?"
done
is "--tee copies the records as they are in the spool" "$(sha1sum <copy)" "$(spooled teed | sha1sum)"
is "all of them" "$(wc -l <copy)" 600
like "the counts add up" "$(cat err)" 'received 200 messages, spooled 200, payload bytes 492'
publish teed 1 1
subscribe teed -C 1 -W 30 --quiet >/dev/full
is "without --tee standard output does not matter" $? 0

# Killed at any moment: what was acknowledged is in the spool.
check "-E makes a session" subscribe killed -E
publish killed 1500 1
for wanted in 1 300 600; do
	background killed -c
	wait_for 30 holds killed $wanted || flunk "killed: messages come"
	ended KILL
done 2>/dev/null
rest killed 1500
is "SIGKILL loses nothing" "$(payloads killed | sort -n -u | differs 1500)" ""
check "and leaves the numbers rising" rises killed

# Asked to end in the middle of a flood.
check "-E makes a session" subscribe asked -E
publish asked 1500 1
background asked -c
wait_for 30 holds asked 1
ended TERM
is "SIGTERM ends it with status 0" $status 0
rest asked 1500
is "nothing is lost and nothing comes twice" "$(payloads asked | differs 1500)" ""

# A file that cannot grow: the message is not acknowledged, so that the next run gets it; also when the session
# is not to be kept.
for keep in -c ''; do
	name=failing$keep
	options $name $keep
	(
		ulimit -f 8
		trap '' XFSZ
		exec mqtt-sub5 "${options[@]}" 2>$name.err
	) &
	sub=$!
	wait_for 30 grep -q connected $name.err
	publish $name 400 1
	ended
	is "a write error ends it with status 74${keep:+ ($keep)}" $status 74
	is "that -c is wanted is told" "$(grep -c 'spool without -c' $name.err)" $((${#keep} == 0))
	like "and the reason" "$(cat $name.err)" "cannot write the spool '$name': File too large"
	rest $name 400
	like "what was written in part is cut off" "$(cat $name.err)" 'cut off'
	is "nothing is lost and nothing comes twice" "$(payloads $name | differs 400)" ""
done

# What cannot be opened.
: >file
fails "a spool that cannot be made" 73 subscribe file/spool -E
background two-writers
fails "a second writer" 75 subscribe two-writers -i another -E
like "is told of the first" "$(cat err)" "written by process $sub"
ended TERM
finish
