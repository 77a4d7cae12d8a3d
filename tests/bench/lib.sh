# Sourced by tests/bench/run: ways to do one job, timed in turn.
#
#   versus CASE WHAT UNIT AMOUNT WAY...   runs each WAY, a function, ROUNDS times in turn (A B A B ...), each after
#                      prepare_WAY and before after_WAY, which are not timed; AMOUNT of UNIT is what one run
#                      does. The first WAY is what the others are compared with
#   figure CASE WAY UNIT VALUE...         a figure that is no time: the median of the values is reported
#   until_true COMMAND...                 waits for it, at most ten minutes
#   note TEXT          a line of the report
#   describe WAY TEXT  how the report names a way
#
# A way that fails ends the benchmark: a figure of work that was not done is worth nothing.

declare -A described=() # way -> text

say() { echo "bench: $*" >&2; }
die() {
	say "$*"
	exit 1
}

describe() { described[$1]=$2; }

# seconds COMMAND...: sets `took`.
seconds() {
	local from=$EPOCHREALTIME
	"$@" || die "$* failed"
	took=$(awk -v a="$from" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.6f", b - a }')
}

until_true() {
	local tries=6000
	until "$@"; do
		if ((--tries == 0)); then return 1; fi
		sleep 0.1
	done
}

# record CASE WHAT WAY UNIT RATE: a line of the raw figures.
record() { printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "${described[$3]:-$3}" "$4" "$5" >>"$figures"; }

versus() {
	local case=$1 what=$2 unit=$3 amount=$4 round way
	shift 4
	for ((round = 1; round <= ROUNDS; round++)); do
		for way in "$@"; do
			if declare -F "prepare_$way" >/dev/null; then "prepare_$way" || die "prepare_$way failed"; fi
			seconds "$way"
			if declare -F "after_$way" >/dev/null; then "after_$way" || die "after_$way failed"; fi
			say "$case: $way: $took s"
			record "$case" "$what" "$way" "$unit/s" "$(awk -v n="$amount" -v t="$took" 'BEGIN { print n / t }')"
		done
	done
}

figure() {
	local case=$1 what=$2 way=$3 unit=$4 value
	shift 4
	for value in "$@"; do record "$case" "$what" "$way" "$unit" "$value"; done
}

note() { printf '%s\n' "$*" >>"$notes"; }

# The machine and the programs, a line each.
machine() {
	printf 'processor\t%s, %s cores\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)"
	printf 'memory\t%s\n' "$(awk '/^MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo)"
	printf 'kernel\t%s\n' "$(uname -sr)"
	printf 'compiler\t%s\n' "$(gcc --version | head -n 1)"
	printf 'server\t%s\n' "$(psql -qAtX -c 'SHOW server_version' 2>/dev/null || echo none)"
	printf 'broker\t%s\n' "$(PATH=$PATH:/usr/sbin mosquitto -h | head -n 1)"
	printf 'sensorpipe\t%s\n' "$(tsdb-copy -V)"
	printf 'load\t%s\n' "$(cut -d ' ' -f 1-3 /proc/loadavg)"
	printf 'rounds\t%s, amounts scaled by %s\n' "$ROUNDS" "$SCALE"
}
