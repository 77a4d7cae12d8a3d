# Sourced by the scripts that run the tools: capture, store, ingest, receive and firmware.
#
#   chain COMMAND...   COMMAND | sensor-decode | sensor-validate | tsdb-copy; gives the status of the
#                      first of them that failed; SIGHUP: sensor-validate reads its schemas anew
#                      (a script that has a rest() and a reloader of its own: COMMAND | rest)
#   DATABASE             connection string as for psql                 (default: empty, the PG* environment)
#   SENSORPIPE_SCHEMAS   directory of the schemas                      (default: that of sensor-validate)
#   REJECTS              directory for dead letters, a file a tool     (default: the current one)
#   METRICS              directory for Prometheus files, a file a tool (default: none are written)
#   DECODE_OPTIONS, VALIDATE_OPTIONS, COPY_OPTIONS   further options, split at blanks
#
# No process stays behind, whichever is killed: the head gets SIGTERM when this shell is gone; a tool ends
# when its reader is gone, or at the end of its input.

DATABASE=${DATABASE:-} REJECTS=${REJECTS:-.} METRICS=${METRICS:-}
readonly PATIENCE=10 # seconds that what is under way gets after a signal to stop

# Options of tsdb-copy that are the script's own.
copy_options=()

say() { echo "${0##*/}: $*" >&2; }

# metrics TOOL: the option for its metrics file, where one is wanted.
metrics() {
	if [ -n "$METRICS" ]; then printf -- '--metrics=%s/%s.prom' "$METRICS" "$1"; fi
}

# tied COMMAND...: becomes the command, which gets SIGTERM when the calling shell is gone; if that is gone before
# the signal is arranged for, it is not started.
tied() { exec setpriv --pdeathsig TERM -- sh -c '[ "$PPID" = "$0" ] && exec "$@"' $$ "$@"; }

# A fifth of a second, without a process; a signal ends it.
exec {never}<> <(:)
nap() { read -rt 0.2 -u "$never" || true; }

running() { [ -n "$1" ] && kill -0 "$1" 2>/dev/null; }

# on_stop COMMAND: runs it once with the signal to be passed on when this script is asked to stop. A tool that
# gets one signal twice ends at once, and a whole group may have been signalled: so it is the other one.
on_stop() {
	trap "trap : TERM INT; $1 INT" TERM
	trap "trap : TERM INT; $1 TERM" INT
}

# judge TOOL... : STATUS...: the status of the first of a pipeline that failed; 74 may only mean that a neighbour is
# gone: then the neighbour's own counts.
judge() {
	local tools=() tool name status=0
	while [ "$1" != : ]; do
		tools+=("$1")
		shift
	done
	shift
	for tool in "${tools[@]}"; do
		if [ "$1" != 0 ] && { [ $status = 0 ] || [ $status = 74 ]; }; then
			status=$1 name=$tool
		fi
		shift
	done
	if [ $status != 0 ]; then say "$name ended with status $status"; fi
	return $status
}

# The tool that SIGHUP is passed on to.
reloader=sensor-validate

# What follows the head. The tools take signals themselves.
# shellcheck disable=SC2046,SC2086  # options are split on purpose
rest() {
	trap '' TERM INT
	set +e
	sensor-decode --reject "$REJECTS/decode.x1" $(metrics sensor-decode) ${DECODE_OPTIONS:-} |
		sensor-validate --reject "$REJECTS/validate.x1" $(metrics sensor-validate) ${VALIDATE_OPTIONS:-} |
		tsdb-copy -d "$DATABASE" --reject "$REJECTS/copy.x1" "${copy_options[@]}" $(metrics tsdb-copy) \
			${COPY_OPTIONS:-}
	judge sensor-decode sensor-validate tsdb-copy : "${PIPESTATUS[@]}"
}

# Told to stop: the head ends first, the others drain what it left and end with their input.
stop_chain() {
	kill -s "$1" "$head" 2>/dev/null || true
	give_up=$((SECONDS + PATIENCE))
}

chain() {
	local input head rest give_up='' status=0 head_status=0
	exec {input}< <(tied "$@")
	head=$!
	rest <&"$input" &
	rest=$!
	exec {input}<&-
	on_stop stop_chain
	trap 'pkill -HUP -P "$rest" -x "$reloader" || true' HUP
	while running "$rest"; do
		nap
		if [ -n "$give_up" ] && [ $SECONDS -ge "$give_up" ]; then
			pkill -TERM -P "$rest" || true
			give_up=
		fi
	done
	wait "$rest" || status=$?
	while running "$head"; do nap; done
	wait "$head" || head_status=$?
	if [ $status = 0 ] && [ $head_status != 0 ]; then
		say "$1 ended with status $head_status"
		status=$head_status
	fi
	return $status
}
