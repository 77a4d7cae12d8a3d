# Sourced by the scripts that run the tools: capture, store and ingest.
#
#   chain COMMAND...   COMMAND | sensor-decode | sensor-validate | tsdb-copy; gives the status of the
#                      first of them that failed
#   DATABASE             connection string as for psql                 (default: empty, the PG* environment)
#   SENSORPIPE_SCHEMAS   directory of the schemas                      (default: that of sensor-validate)
#   REJECTS              directory for dead letters, a file a tool     (default: the current one)
#   METRICS              directory for Prometheus files, a file a tool (default: none are written)
#   DECODE_OPTIONS, VALIDATE_OPTIONS, COPY_OPTIONS   further options, split at blanks
#
# No process stays behind, whichever is killed: each tool gets SIGTERM when the shell that started it is
# gone; when a tool is gone the others are stopped; then they end by themselves, within a bounded time.

DATABASE=${DATABASE:-} REJECTS=${REJECTS:-.} METRICS=${METRICS:-}
readonly PATIENCE=10 # seconds that what is under way gets to end after the head has

say() { echo "${0##*/}: $*" >&2; }

# Options of tsdb-copy that are the script's own.
copy_options=()

# metrics TOOL: the option for its metrics file, where one is wanted.
metrics() {
	if [ -n "$METRICS" ]; then printf -- '--metrics=%s/%s.prom' "$METRICS" "$1"; fi
}

# tied COMMAND...: becomes the command, which gets SIGTERM when the calling shell is gone.
tied() { exec setpriv --pdeathsig TERM -- "$@"; }

# on_stop COMMAND: runs it with the signal that is to be passed on when this script is asked to stop. A tool
# that gets one signal twice ends at once, and a whole group may have been signalled: so it is the other one.
on_stop() {
	trap "trap : TERM INT; $1 INT" TERM
	trap "trap : TERM INT; $1 TERM" INT
}

# What runs: names by process id. The list of an array that was emptied is no fault to `set -u`.
declare -A running=()

# next_end: waits until one of $running ends; sets $name, $status. False: a signal came instead. The caller
# has $stopping set from when it was asked to stop.
next_end() {
	local each ended=
	# What ended before another was started is not among the jobs of `wait -n` any more.
	for each in "${!running[@]}"; do
		kill -0 "$each" 2>/dev/null || ended=$each
	done
	status=0
	if [ -n "$ended" ]; then
		wait "$ended" 2>/dev/null || status=$?
		# bash loses the status of a process that ends in the moment in which a signal interrupts its
		# wait, and gives -1. It was asked to end then, and has.
		if [ "$status" = -1 ] && [ -n "$stopping" ]; then status=0; fi
	else
		wait -n -p ended "${!running[@]}" 2>/dev/null || status=$?
	fi
	[ -n "${ended:-}" ] || return 1
	name=${running[$ended]}
	unset "running[$ended]"
}

# ---- the chain ----

# pipe: makes one, and appends its two ends to $ends: to read from, to write to.
pipe() {
	local both from to
	exec {both}<> <(:)
	exec {from}<"/dev/fd/$both" {to}>"/dev/fd/$both" {both}>&-
	ends+=("$from" "$to")
}

close_ends() {
	local fd
	for fd in "${ends[@]}"; do exec {fd}>&-; done
}

# between IN OUT COMMAND...: starts a tool between two descriptors; it keeps no other end of a pipe.
between() {
	local in=$1 out=$2
	shift 2
	(
		exec <&"$in" >&"$out"
		close_ends
		tied "$@"
	) &
	running[$!]=$1
}

# shellcheck disable=SC2046,SC2086  # options are split on purpose
start_chain() {
	local ends=()
	pipe && pipe && pipe
	between 0 "${ends[1]}" "$@"
	head=$!
	between "${ends[0]}" "${ends[3]}" sensor-decode --reject "$REJECTS/decode.x1" \
		$(metrics sensor-decode) ${DECODE_OPTIONS:-}
	between "${ends[2]}" "${ends[5]}" sensor-validate --reject "$REJECTS/validate.x1" \
		$(metrics sensor-validate) ${VALIDATE_OPTIONS:-}
	between "${ends[4]}" 1 tsdb-copy -d "$DATABASE" --reject "$REJECTS/copy.x1" \
		"${copy_options[@]}" $(metrics tsdb-copy) ${COPY_OPTIONS:-}
	close_ends
}

# The head ends first; the others drain what it left and end with their input.
stop_chain() {
	stopping=1
	kill -s "$1" "$head" 2>/dev/null || true
	tied sleep "$PATIENCE" &
	timer=$!
	running[$timer]=timer
}

end_chain() {
	local pid
	for pid in "${!running[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
}

# note_failure NAME STATUS: keeps the first in $failed. 74 may only mean that a neighbour is gone: then the
# neighbour's own status counts.
note_failure() {
	if [ "$2" = 0 ]; then return; fi
	if [ "$failed" = 0 ] || [ "$failed" = 74 ]; then failed=$2 culprit=$1; fi
}

chain() {
	local head timer='' name status stopping='' failed=0 culprit
	start_chain "$@"
	on_stop stop_chain
	while [ ${#running[@]} -gt 0 ] && [ "${running[*]}" != timer ]; do
		next_end || continue
		if [ "$name" = timer ]; then
			end_chain
			continue
		fi
		note_failure "$name" "$status"
		# Of what the head still sends nothing would arrive.
		if [ -z "$stopping" ] && { [ "$status" != 0 ] || [ -n "${running[$head]:-}" ]; }; then
			stopping=1
			end_chain
		fi
	done
	if [ -n "$timer" ]; then kill "$timer" 2>/dev/null || true; fi
	if [ "$failed" != 0 ]; then say "$culprit ended with status $failed"; fi
	return "$failed"
}
