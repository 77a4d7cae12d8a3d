# Sourced by the shell tests: TAP output, a private work directory, the tools in PATH.
#
# BIN    directory of the tools under test (default: build/bin)
# $root  the checkout     $work  private directory, the test's cwd, removed at exit
#
# A test that needs cleaning up defines a function `cleanup`.

set -u
shopt -s lastpipe # so that a check may stand at the end of a pipe and still be counted
root=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
BIN=${BIN:-$root/build/bin}
PATH=$BIN:/usr/sbin:$PATH
export LC_ALL=C.UTF-8 TZ=UTC SENSORPIPE_SCHEMAS=$root/pipelines/schemas
unset PGHOST PGPORT PGUSER PGDATABASE PGPASSWORD PGSERVICE http_proxy https_proxy
# A sanitizer's finding must not look like one of the tools' own exit statuses.
export ASAN_OPTIONS=exitcode=99:detect_leaks=${DETECT_LEAKS:-1} UBSAN_OPTIONS=print_stacktrace=1

work=$(mktemp -d "${TMPDIR:-/tmp}/sp.XXXXXX")
chmod 711 "$work" # a database that runs as another user reaches its directory through it
cd "$work" || exit 1
tap_count=0 tap_failed=0

tap_end() {
	local status=$?
	trap '' INT TERM
	if declare -F cleanup >/dev/null; then cleanup; fi
	cd / && rm -rf "$work"
	exit "$status"
}
trap tap_end EXIT
trap 'exit 1' INT TERM

# pass NAME / flunk NAME [EXPLANATION]
pass() {
	echo "ok $((++tap_count)) - $1"
}
flunk() {
	echo "not ok $((++tap_count)) - $1"
	tap_failed=$((tap_failed + 1))
	if [ $# -gt 1 ]; then sed 's/^/# /' <<<"$2"; fi
}

# check NAME COMMAND...: the command succeeds.
check() {
	local name=$1
	shift
	if "$@" >"$work/out" 2>"$work/err"; then pass "$name"; else
		flunk "$name" "status $? of: $*
$(tail -n 20 "$work/out" "$work/err" 2>/dev/null)"
	fi
}

# one_day SECONDS: for a test that must not see the day (UTC) change: waits for it if it does within these seconds.
one_day() {
	local left=$((86400 - $(date -u +%s) % 86400))
	if ((left <= $1)); then sleep $((left + 1)); fi
}

# fails NAME STATUS COMMAND...: the command exits with exactly this status.
fails() {
	local name=$1 want=$2 got=0
	shift 2
	"$@" >"$work/out" 2>"$work/err" || got=$?
	if [ "$got" = "$want" ]; then pass "$name"; else
		flunk "$name" "status $got, expected $want, of: $*
$(tail -n 20 "$work/out" "$work/err" 2>/dev/null)"
	fi
}

# is NAME GOT EXPECTED: the two texts are the same.
is() {
	if [ "$2" = "$3" ]; then pass "$1"; else
		flunk "$1" "got:
$(head -c 4000 <<<"$2")
expected:
$(head -c 4000 <<<"$3")"
	fi
}

# like NAME TEXT ERE: the text matches.
like() {
	if grep -Eq -e "$3" <<<"$2"; then pass "$1"; else
		flunk "$1" "no match for /$3/ in:
$(head -c 4000 <<<"$2")"
	fi
}

# skip NAME REASON
skip() {
	echo "ok $((++tap_count)) - $1 # SKIP $2"
}

# skip_all REASON: nothing of this file can run here. Where CI=true that is a failure.
skip_all() {
	if [ "${CI:-}" = true ]; then
		flunk "can run here" "$1"
		finish
	fi
	echo "1..0 # SKIP $1"
	exit 0
}

# wait_for SECONDS COMMAND...: polls until the command succeeds; fails when it does not in time.
wait_for() {
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.05
	done
}

finish() {
	echo "1..$tap_count"
	[ $tap_failed = 0 ]
	exit
}
