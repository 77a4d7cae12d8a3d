# Sourced by run, outage and fault.t, after tests/lib/tap.sh and pipelines/services.sh: a chain under
# faults, a ledger of what was published and acknowledged, and the checker (check.sql).
#
#   faults_begin               starts services and makes the tables
#   round_run SCENARIO NUMBER SEED
#                              runs one round; prints "SCENARIO PUBLISHED ACKNOWLEDGED STORED DUPLICATES
#                              REJECTED LOST UNEXPECTED"; fails, saying why on standard error, when
#                              anything was lost or unexpected or the fault did not take place
#   faults_end                 stops the services
#
# The chain has two parts, as in operation: the capture part (mqtt-sub5 into a spool) and the store part
# (the spool into the database).
#
# A scenario is a file in scenarios/ that sets what it wants otherwise and defines functions:
#
#   available fails where the scenario cannot run: the round then ends with status 77
#   prepare   before the chain starts: queue faults (inject, under)
#   start     starts the two parts
#   disturb   while messages are published: kill, stop, break
#   verify    after the chain has ended: that the fault took place, and what the tools said of it
#
# Its random choices come from `random` alone, so the same seed makes the same choices.

fault_root=$root/tests/fault
SHIM=${SHIM:-$BIN/../tests/fault/shim.so}
SETTLE_SECONDS=60 # for everything to be stored, once all is published
. "$fault_root/chain.sh"
. "$fault_root/ledger.sh"
. "$fault_root/inject.sh"

sql() {
	psql -XqAtc "$1"
}

# ---- services ----

# What the broker acknowledged and did not save is lost when it is killed, so nothing may be saved by
# chance: it saves only when asked to.
faults_begin() {
	local tool
	SHIM=$(realpath "$SHIM")
	faults=$work/faults
	mkdir -p "$faults/bin" "$work/services/store"
	for tool in mqtt-sub5 mqtt-replay sensor-decode sensor-validate tsdb-copy; do
		ln -s "$fault_root/launch" "$faults/bin/$tool"
	done
	export FAULT_BIN=$BIN SENSORPIPE_SCHEMAS=$fault_root/schemas
	services_begin "$work/services"
	cat >"$work/broker.conf" <<-END
		allow_anonymous true
		persistence true
		persistence_location $work/services/store/
		autosave_interval 0
		max_inflight_messages 1024
		max_queued_messages 1000000
		set_tcp_nodelay true
		sys_interval 1
	END
	start_postgres fsync=off && start_broker "$work/broker.conf" && tsdb-admin --quiet init &&
		psql -XqAt -v ON_ERROR_STOP=1 -f "$fault_root/check.sql"
}

# To be called by the test's cleanup.
faults_end() {
	if [ -n "${round:-}" ]; then round_abort; fi
	services_end
}

# ---- a round ----

# publisher_end: waits until everything is published and acknowledged.
publisher_end() {
	if [ -n "$publisher" ]; then wait "$publisher" || trouble "mqtt-pub5 ends with status $?"; fi
	publisher=
}

# settle: waits until everything published is stored or a dead letter.
settle() {
	publisher_end
	wait_for $SETTLE_SECONDS nothing_is_lost || return
	wait_for $SETTLE_SECONDS drained || trouble "the watermark does not reach the end of the spool"
}

# round_check: the result line; notes what is wrong.
round_check() {
	local stored rejected lost unexpected published acknowledged
	ledger_load || trouble "the ledger cannot be loaded"
	read -r stored rejected lost unexpected < <(verdicts)
	published=$(wc -l <"$round/published")
	acknowledged=$(sort -u "$round/acknowledged" | wc -l)
	if [ "$published" != "$acknowledged" ]; then trouble "$acknowledged of $published were acknowledged"; fi
	"$BIN/mqtt-replay" --verify "$round/spool" >>"$round/log/verify" 2>&1 || trouble "the spool does not verify"
	if grep -Eqw '70|99|134|139' "$round/exits"; then trouble "a tool crashed: $(sort -u "$round/exits" | tr '\n' ' ')"; fi
	if grep -Eq 'Sanitizer|runtime error' "$round"/log/*; then trouble "a sanitizer has a finding: see log/"; fi
	echo "$scenario $published $acknowledged $stored $(redelivered) $rejected $lost $unexpected"
	if [ "$lost" != 0 ] || [ "$unexpected" != 0 ]; then
		trouble "lost $lost, unexpected $unexpected:
$(sql "SELECT verdict, message, detail FROM fault.verdicts('$label') WHERE verdict IN ('lost', 'unexpected') LIMIT 10")"
	fi
}

# What ends the request that makes the database commit (PostgreSQL's protocol, "Message Formats"): Sync
# behind an INSERT, CopyDone of a COPY. Rounds use the one or the other.
commit_insert='S\x00\x00\x00\x04'
commit_copy='c\x00\x00\x00\x04'

# round_settings: what a scenario may change.
round_settings() {
	qos=$((1 + number % 2))
	messages=300 # of which one in $poison is poison
	poison=20
	rate=600 # messages a second
	keep_alive=60
	case $((number / 2 % 3)) in
	0) sync=always ;;
	1) sync=0.2 ;;
	2) sync=none ;;
	esac
	if [ $((number / 2 % 2)) = 0 ]; then
		copy_min=1 commit=$commit_copy
	else
		copy_min=1000000 commit=$commit_insert
	fi
	capture_options=
	start() {
		capture_begin
		store_begin
	}
	available() { :; }
	prepare() { :; }
	disturb() { :; }
	verify() { :; }
}

# When a round is broken off: nothing stays behind.
round_abort() {
	: >"$round/stop"
	if [ -n "$publisher" ]; then kill -KILL "$publisher" 2>/dev/null; fi
	kill_chain
}

# The chain of a round, from its first process to its last.
round_live() {
	local FAULT_ROUND=$round PATH=$faults/bin:$PATH
	export FAULT_ROUND PATH
	prepare
	generate "$label" 1 "$messages" "$qos" "$poison" >"$round/messages.m1"
	start
	publish
	disturb
	settle
	chain_end
}

# round_open SCENARIO NUMBER SEED
round_open() {
	scenario=$1 number=$2 round_seed=$3 label=$1.$2 queued=0
	RANDOM=$round_seed
	round=$faults/$label
	mkdir -p "$round"/{pid,queue,log,rejects}
	: >"$round/exits"
	: >"$round/started"
	capture_pid='' store_pid='' publisher=''
	round_settings
}

round_run() {
	round_open "$@"
	. "${FAULT_SCENARIOS:-$fault_root/scenarios}/$scenario"
	if ! available; then
		round=
		return 77
	fi
	round_live
	verify
	round_check
	if [ -s "$round/trouble" ]; then
		echo "round $number of $scenario (seed $round_seed, QoS $qos, --sync $sync) fails:" >&2
		cat "$round/trouble" >&2
		round=
		return 1
	fi
	rm -rf "$round"
	round=
}
