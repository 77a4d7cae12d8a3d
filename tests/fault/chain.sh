# Sourced by lib.sh: the chain of a round, each part supervised, each tool to be found by its name.
#
# A part that ended is started again at once, as a supervisor would do it. The tools are started through
# `launch`, which notes their process ids in $round/pid and gives them the faults that are queued.

capture() {
	SPOOL=$round/spool CAPTURE_OPTIONS="--sync $sync $capture_options" "$root/pipelines/capture" \
		-h 127.0.0.1 -p "$MQTT_PORT" -t "sensors/fault/$label/#" -q "$qos" -i "$label" -k "$keep_alive" \
		2>>"$round/log/mqtt-sub5"
}

store() (
	echo $BASHPID >"$round/pid/store"
	export SPOOL=$round/spool SOURCE=$label REJECTS=$round/rejects
	export COPY_OPTIONS="--copy-min $copy_min --max-batch 2000"
	export DECODE_OPTIONS='--topic sensors/{type}/{sensor...} --max-line 64K'
	exec "$root/pipelines/store" 2>>"$round/log/store"
)

# supervise PART: starts it again as often as it ends, but while there is a file hold.PART. Its statuses
# are kept.
supervise() {
	while [ ! -e "$round/stop" ]; do
		if [ -e "$round/hold.$1" ]; then
			sleep 0.05
			continue
		fi
		"$1"
		echo "$?" >>"$round/exits"
		sleep 0.05
	done
}

# Returns once there is a session at the broker: from then on nothing is published in vain.
capture_begin() {
	supervise capture 2>>"$round/log/shell" &
	capture_pid=$!
	wait_for 20 grep -q subscribed "$round/log/mqtt-sub5" || trouble "mqtt-sub5 does not subscribe"
}

store_begin() {
	supervise store 2>>"$round/log/shell" &
	store_pid=$!
}

# running TOOL: prints the process id; fails where there is none.
running() {
	local pid
	pid=$(cat "$round/pid/$1" 2>/dev/null) && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$1" ] && echo "$pid"
}

# signal_tool SIGNAL TOOL: fails where there is none that runs.
signal_tool() {
	local pid
	pid=$(running "$2") && kill "-$1" "$pid" 2>/dev/null
}

# ended PID: this child is no more, or never was.
ended() {
	[ -z "$1" ] || ! kill -0 "$1" 2>/dev/null
}

# left_over: the process ids of all tools of the round that still run, also of those that a killed script left.
left_over() {
	local pid
	while read -r pid; do
		if tr '\0' '\n' <"/proc/$pid/cmdline" | grep -qF "$round/"; then echo "$pid"; fi
	done 2>/dev/null <"$round/started"
}

nothing_is_left_over() {
	[ -z "$(left_over)" ]
}

kill_chain() {
	local pid
	until ended "$capture_pid" && ended "$store_pid" && nothing_is_left_over; do
		for pid in $(left_over); do kill -KILL "$pid" 2>/dev/null; done
		sleep 0.1
	done
}

# Ends the chain from its head. What does not end is killed.
chain_end() {
	: >"$round/stop"
	signal_tool TERM mqtt-sub5
	wait_for 20 ended "$capture_pid" || trouble "mqtt-sub5 does not end on SIGTERM"
	signal_tool TERM mqtt-replay
	wait_for 20 ended "$store_pid" || trouble "the store part does not end on SIGTERM"
	wait_for 20 nothing_is_left_over ||
		trouble "still running: $(left_over | xargs ps -o pid=,comm=,lstart= -p)"
	kill_chain
}
