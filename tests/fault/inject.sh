# Sourced by lib.sh: what a scenario does to the chain, and how it sees to it that it was done.

# random MIN MAX: a number in between, both included, in $chosen.
random() {
	chosen=$(($1 + RANDOM % ($2 - $1 + 1)))
}

# pause_random MIN MAX: that many milliseconds.
pause_random() {
	random "$1" "$2"
	sleep "$((chosen / 1000)).$(printf %03d $((chosen % 1000)))"
}

# under TOOL COMMAND...: the next start of the tool that has none yet is under this command.
under() {
	local tool=$1 name
	shift
	queued=$((queued + 1))
	printf -v name '%s/queue/%s.%04d' "$round" "$tool" "$queued"
	printf '%s\n' "$@" >"$name"
}

# inject TOOL FAULT...: the next start of the tool has this fault (see shim.c). Whether it took place is
# told by struck.
inject() {
	local tool=$1
	shift
	under "$tool" env "LD_PRELOAD=$SHIM" "FAULT=$*" "FAULT_MARK=$round/struck.$((queued + 1))"
}

# struck: all faults that were injected took place.
struck() {
	local count
	count=$(find "$round" -maxdepth 1 -name 'struck.*' | wc -l)
	[ "$count" = "$queued" ] || trouble "only $count of $queued faults took place"
}

# kill_tool TOOL [SIGNAL]: the running one; waits for it to run.
kill_tool() {
	wait_for 20 signal_tool "${2:-KILL}" "$1" || trouble "$1 does not run"
}

# trouble TEXT: the round fails.
trouble() {
	echo "$1" >>"$round/trouble"
}

# says TOOL ERE: the tool said so.
says() {
	grep -Eq -e "$2" "$round/log/$1" || trouble "$1 did not say /$2/"
}

# exited STATUS: a tool ended with this status.
exited() {
	grep -qw -e "$1" "$round/exits" || trouble "nothing ended with status $1"
}
