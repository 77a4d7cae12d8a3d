#!/bin/bash
# A filter whose reader is gone ends at once, even while it waits for input that does not come.
. "${0%/*}/../lib/tap.sh"

mkfifo silent reader
exec 8<>silent # a writer that stays and says nothing

for tool in sensor-decode sensor-validate; do
	rm -f status
	(
		"$tool" --reject reject.x1 <silent >reader 2>errors 8<&-
		echo $? >status
	) &
	exec 9<reader # the reader comes,
	sleep 0.2
	check "$tool waits while its reader is there" [ ! -e status ]
	exec 9<&- # and goes
	check "$tool ends when its reader is gone" wait_for 20 [ -s status ]
	is "$tool: with status 74" "$(cat status)" 74
	like "$tool: and says why" "$(cat errors)" 'stdout: Broken pipe'
	wait
done
finish
