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
# (the spool into the database). A part that ended is started again at once, as a supervisor would do it.
# The tools are started through `launch`, so that each can be found and given a fault.
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

sql() {
	psql -XqAtc "$1"
}

# ---- services ----

# What the broker acknowledged and did not save is lost when it is killed, so nothing may be saved by
# chance: it saves only when asked to (broker_save).
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

# The broker has read all that was sent to it: nothing is in its sockets, nor on the way to them.
broker_has_read() {
	awk -v port="$(printf :%04X "$MQTT_PORT")" '
	$4 == "01" && index($2, port) && $5 !~ /:00000000$/ { busy = 1 }
	$4 == "01" && index($3, port) && $5 !~ /^00000000:/ { busy = 1 }
	END { exit busy }' /proc/net/tcp
}

# Saves the broker's store: all that it has acknowledged so far is then in the file, which it replaces.
broker_save() {
	local store=$work/services/store/mosquitto.db before
	before=$(stat -c %i.%z "$store" 2>/dev/null)
	kill -USR1 "$BROKER_PID"
	wait_for 20 eval '[ -s "$store" ] && [ "$(stat -c %i.%z "$store")" != "$before" ]'
}

# ---- messages ----

# generate LABEL FROM TO QOS EVERY: message records FROM to TO on standard output; what must become of
# them is appended to $round/published. One in EVERY is poison (0: none), the last never.
generate() {
	awk -v label="$1" -v from="$2" -v to="$3" -v qos="$4" -v every="$5" -v ledger="$round/published" \
		-v now="$(date -u +%FT%T.000000Z)" -v hour="$(date -u -d '2 hours ago' +%FT%H:)" '
	function member(n, more) {
		return "{\"value\":" n ",\"twin\":-" n more "}"
	}
	function put(n, sensor, fate, time, payload) {
		printf "m1\t0\t%s\tsensors/fault/%s\tq%d\tapplication/json\tschema=1&n=%d&time=%s\t%s\n", now, sensor, qos, n, time, payload
		print label "\t" n "\t" sensor "\t" time "\t" fate >>ledger
	}
	function poison(n, kind, time) {
		if (kind == 0) put(n, label "/white-" n, "stored", time, "{\\n\\t\"value\":" n ",\\r\\n\\t\"twin\":-" n "\\n}")
		else if (kind == 5) put(n, label "/old-" n, "rejected", "2001-01-01T00:00:00.000000Z", member(n))
		else put(n, label "/poison-" n, "rejected", time, poisons[kind] == "" ? member(n, ",\"pad\":\"" pad "\"") : poisons[kind])
	}
	BEGIN {
		for (pad = "                "; length(pad) < 65536;) pad = pad pad
		split("{\"value\":|" member(1, "\\x00") "|{\"value\":\"\\xff\"}|" member(1, ",\"note\":\"a\\nb\"") "||" \
			member(1, ",\"ts\":\"99999-01-01T00:00:00Z\"") "|" member("2e15") "|" member(1, ",\"surprise\":1") "|" \
			member(1, ",\"note\":\"a\\\\u0000b\"") "|" member(999999999) "|", poisons, "|")
		for (n = from; n <= to; n++) {
			time = sprintf("%s%02d:%02d.%03d000Z", hour, n / 60000 % 60, n / 1000 % 60, n % 1000)
			if (every && n < to && n % every == 0) poison(n, n / every % 12, time)
			else put(n, label "/" n % 7, "stored", time, member(n))
		}
	}'
}

# publish: publishes what generate wrote to $round/messages.m1, in the background; the records that the
# broker acknowledges are the ledger.
publish() {
	mqtt-pub5 -h 127.0.0.1 -p "$MQTT_PORT" --acknowledged --rate "$rate" --reject "$round/unpublished.x1" \
		<"$round/messages.m1" >"$round/acknowledged.m1" 2>"$round/log/mqtt-pub5" &
	publisher=$!
}

# ---- the chain, supervised ----

capture() {
	SPOOL=$round/spool CAPTURE_OPTIONS="--sync $sync $capture_options" "$root/pipelines/capture" \
		-h 127.0.0.1 -p "$MQTT_PORT" -t "sensors/fault/$label/#" -q "$qos" -i "$label" -k "$keep_alive" \
		2>>"$round/log/mqtt-sub5"
}

store() {
	SPOOL=$round/spool SOURCE=$label REJECTS=$round/rejects COPY_OPTIONS="--copy-min $copy_min --max-batch 2000" \
		DECODE_OPTIONS='--topic sensors/{type}/{sensor...} --max-line 64K' \
		"$root/pipelines/store" 2>>"$round/log/store"
}

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

kill_chain() {
	local tool
	until ended "$capture_pid" && ended "$store_pid"; do
		for tool in mqtt-sub5 mqtt-replay sensor-decode sensor-validate tsdb-copy; do signal_tool KILL $tool; done
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
	kill_chain
}

# ---- faults ----

# What ends the request that makes the database commit (PostgreSQL's protocol, "Message Formats"): Sync
# behind an INSERT, CopyDone of a COPY. Rounds use the one or the other: $copy_min, $commit.
commit_insert='S\x00\x00\x00\x04'
commit_copy='c\x00\x00\x00\x04'

# The library of faketime(1); fails where it is not installed.
faketime_library() {
	faketime -f +0 env 2>/dev/null | sed -n 's/^LD_PRELOAD=//p' | grep .
}

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

# struck [COUNT]: that many injected faults (all) took place.
struck() {
	local count
	count=$(find "$round" -maxdepth 1 -name 'struck.*' | wc -l)
	[ "$count" -ge "${1:-$queued}" ] || trouble "only $count of $queued faults took place"
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

# ---- the ledger ----

# letters FILE...: dead letters as label, sensor, message number (\N: unknown), code.
letters() {
	cat "$@" 2>/dev/null | awk -F'\t' -v OFS='\t' -v label="$label" '
	{
		n = "\\N"
		sensor = ""
		if ($6 == "m1") sensor = substr($9, length("sensors/fault/") + 1)
		if ($6 == "r1") sensor = $11
		if (match($0, /[&\t](n|value)=[0-9]+/)) {
			n = substr($0, RSTART, RLENGTH)
			sub(/.*=/, "", n)
		}
		print label, sensor, n, $4
	}'
}

# ledger_load: into the database, what is known now.
ledger_load() {
	sed -nE "s/.*[&\t]n=([0-9]+)&.*/$label\t\1/p" "$round/acknowledged.m1" >"$round/acknowledged"
	letters "$round"/rejects/*.x1 >"$round/letters"
	psql -XqAt -v ON_ERROR_STOP=1 <<-END
		BEGIN;
		DELETE FROM fault.published WHERE label = '$label';
		DELETE FROM fault.acknowledged WHERE label = '$label';
		DELETE FROM fault.letters WHERE label = '$label';
		\\copy fault.published FROM '$round/published'
		\\copy fault.acknowledged FROM '$round/acknowledged'
		\\copy fault.letters FROM '$round/letters'
		COMMIT;
	END
}

# verdicts: how many messages of each verdict.
verdicts() {
	sql "SELECT count(*) FILTER (WHERE verdict = 'stored'), count(*) FILTER (WHERE verdict = 'rejected'),
		count(*) FILTER (WHERE verdict = 'lost'), count(*) FILTER (WHERE verdict = 'unexpected')
		FROM fault.verdicts('$label')" | tr '|' ' '
}

# spooled COUNT: waits until so many more records are in the spool.
spooled() {
	local enough=$(($(cat "$round"/spool/*.m1 | wc -l) + $1))
	wait_for 20 eval '[ "$(cat "$round"/spool/*.m1 | wc -l)" -ge $enough ]' || trouble "nothing comes into the spool"
}

# in_spool: the numbers of the messages in the spool, as often as they are there.
in_spool() {
	"$BIN/mqtt-replay" "$round/spool" 2>>"$round/log/replay" | sed -nE 's/.*[&\t]n=([0-9]+)&.*/\1/p'
}

all_captured() {
	[ "$(in_spool | sort -u | wc -l)" = "$messages" ]
}

nothing_is_lost() {
	ledger_load && [ "$(sql "SELECT count(*) FROM fault.verdicts('$label') WHERE verdict = 'lost'")" = 0 ]
}

# The store part has settled all of the spool. Records that sensor-decode takes for too long do not
# move the watermark.
drained() {
	local head
	head=$("$BIN/mqtt-replay" "$round/spool" 2>>"$round/log/replay" | awk 'length <= 65536 { seq = $2 } END { print seq }')
	[ "$(sql "SELECT seq FROM ingest_watermarks WHERE source = '$label'")" = "$head" ]
}

# In the spool more than once: redelivered, and stored once all the same.
redelivered() {
	in_spool | sort | uniq -c | awk '{ n += $1 - 1 } END { print n + 0 }'
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
	echo "$scenario $published $acknowledged $stored $(redelivered) $rejected $lost $unexpected"
	if [ "$lost" != 0 ] || [ "$unexpected" != 0 ]; then
		trouble "lost $lost, unexpected $unexpected:
$(sql "SELECT verdict, message, detail FROM fault.verdicts('$label') WHERE verdict IN ('lost', 'unexpected') LIMIT 10")"
	fi
}

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
	export FAULT_ROUND
	prepare
	generate "$label" 1 "$messages" "$qos" "$poison" >"$round/messages.m1"
	start
	publish
	disturb
	settle
	chain_end
}

round_run() {
	local scenario=$1 number=$2 seed=$3 label=$1.$2 queued=0
	RANDOM=$seed
	round=$faults/$label
	mkdir -p "$round"/{pid,queue,log,rejects}
	: >"$round/exits"
	capture_pid='' store_pid='' publisher=''
	round_settings
	. "${FAULT_SCENARIOS:-$fault_root/scenarios}/$scenario"
	if ! available; then
		round=
		return 77
	fi
	round_live
	verify
	round_check
	if [ -s "$round/trouble" ]; then
		echo "round $number of $scenario (seed $seed, QoS $qos, --sync $sync) fails:" >&2
		cat "$round/trouble" >&2
		round=
		return 1
	fi
	rm -rf "$round"
	round=
}
