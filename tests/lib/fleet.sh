# Sourced by tests/chain/firmware.t and tests/load/firmware, after tap.sh and services.sh: a fleet of devices that
# fetch their firmware from a server over a real broker, while all of them are killed.
#
#   fleet_begin DEVICES SIZE SEED   the broker, an image of SIZE bytes, the server, the devices d1, d2, ...; and
#                                   `alien`, whose hardware the image is not for
#   fleet_announce                  publishes the manifest, retained
#   fleet_disturb SECONDS PAUSE     kills one process after the other, restarts the broker, and publishes what must
#                                   be refused; until all have the image, at most so long; a pause between them
#   fleet_check SECONDS             lets all come to rest, at most so long, and checks what has become of them
#   fleet_end
#
# Each chain (mqtt-sub5 | garble | fw-fetch | mqtt-pub5; mqtt-sub5 | fw-serve | mqtt-pub5) is supervised: when
# one of its processes ends, the others are killed and all are started again.

fleet_chunk=32768 # bytes of a request
fleet_timeout=2   # seconds of a request
fleet_accidents=2 # percent of the lines to a device that meet each kind of accident (tests/lib/garble)

# ---- chains ----

# stage DIR NUMBER LAST COMMAND: becomes a function's process between the two fifos of a chain.
stage() {
	local in=/dev/null
	if [ "$2" -gt 0 ]; then in=$1/$(($2 - 1)); fi
	exec <"$in"
	if [ "$2" -lt "$3" ]; then exec >"$1/$2"; fi
	$4
}

# supervise NAME COMMAND...: keeps the commands, functions that exec, running as a chain, until there is $fleet/stop.
supervise() {
	local dir=$fleet/chain/$1 last=$(($# - 2)) i pids
	shift
	mkdir -p "$dir"
	for ((i = 0; i < last; i++)); do mkfifo "$dir/$i"; done
	while [ ! -e "$fleet/stop" ]; do
		pids=()
		for ((i = 0; i <= last; i++)); do
			stage "$dir" "$i" "$last" "${@:i+1:1}" 2>>"$dir/log" &
			pids+=($!)
		done
		echo "${pids[@]}" >"$dir/pids.new" && mv "$dir/pids.new" "$dir/pids"
		wait -n "${pids[@]}"
		case $? in # a sanitizer, EX_SOFTWARE, signals that nobody sends
		99 | 70 | 13[1-6] | 139) echo "$dir" >>"$fleet/crashes" ;;
		esac
		kill -KILL "${pids[@]}"
		wait "${pids[@]}"
		sleep 0.05
	done
} 2>/dev/null

subscribe() { exec mqtt-sub5 -h 127.0.0.1 -p "$MQTT_PORT" -k 10 -i "$1-sub" "${@:2}"; }
publish() { exec mqtt-pub5 -h 127.0.0.1 -p "$MQTT_PORT" -k 10 "$@"; }
serve() { exec fw-serve "$fleet/images"; }
bad_link() { exec "$root/tests/lib/garble" $((RANDOM + fleet_seed)) "$fleet_accidents"; }
# device NAME HARDWARE
device() {
	exec fw-fetch --device "$1" --model thermo --hardware "$2" --key "$fleet/key.pub" --dir "$fleet/dir/$1" \
		--sequence 10 --in-flight 4 --timeout "$fleet_timeout" --run "$fleet/install" --reject "$fleet/letters/$1"
}
supervise_device() {
	supervise "$1" "subscribe $1 -t fw/rx/$1 -t fw/thermo/manifest" bad_link "device $1 $2" "publish -i $1-pub"
}

# ---- the world ----

fw-sign() { command fw-sign --quiet "$@"; }
# sign KEY MODEL VERSION SEQUENCE FILE: the record of a manifest for images/thermo/VERSION.bin.
sign() {
	fw-sign sign --key "$fleet/$1" --model "$2" --hardware A --version "$3" --sequence "$4" --chunk "$fleet_chunk" \
		"$fleet/images/thermo/$3.bin" >"$5.manifest" && fw-sign publish "$5.manifest" >"$5"
}

# The images and their manifests; those that must be refused are not retained, not to hide the good one.
fleet_images() {
	mkdir -p "$fleet/images/thermo"
	head -c "$1" /dev/urandom >"$fleet/images/thermo/2.0.bin"
	head -c 5000 /dev/urandom >"$fleet/images/thermo/1.0.bin"
	{ fw-sign keygen "$fleet/key" && fw-sign keygen "$fleet/thief"; } >"$fleet/ids" &&
		sign key thermo 2.0 20 "$fleet/good" && cp "$fleet/good.manifest" "$fleet/images/thermo/2.0.manifest" &&
		sign key thermo 1.0 5 "$fleet/bad.downgrade" &&
		cp "$fleet/bad.downgrade.manifest" "$fleet/images/thermo/1.0.manifest" &&
		sign thief thermo 2.0 30 "$fleet/bad.unknown-key" && sign key valve 2.0 30 "$fleet/bad.model" || return
	sed -i 's|fw/valve/|fw/thermo/|' "$fleet/bad.model"
	sed 's/"sequence":20/"sequence":30/' "$fleet/good" >"$fleet/bad.bad-signature"
	awk -F'\t' -v OFS='\t' '{ sub("r", "", $5); print }' "$fleet"/bad.{downgrade,unknown-key,model,bad-signature} \
		>"$fleet/bad"
	cat >"$fleet/install" <<-END
		#!/bin/sh
		cmp "\$1" "$fleet/images/thermo/2.0.bin" || echo "\$1" >>"$fleet/wrong"
		echo "\$1" >>"$fleet/installs"
	END
	chmod +x "$fleet/install"
}

fleet_broker() {
	start_broker "$fleet/broker.conf"
}

fleet_begin() {
	local n
	fleet=$work/fleet fleet_seed=$3 fleet_devices=$1 fleet_kills=0 fleet_restarts=0 fleet_pids=()
	RANDOM=$3
	mkdir -p "$fleet/dir" "$fleet/letters" "$work/services/store"
	: >"$fleet/installs"
	: >"$fleet/wrong"
	: >"$fleet/crashes"
	cat >"$fleet/broker.conf" <<-END
		allow_anonymous true
		persistence true
		persistence_location $work/services/store/
		max_inflight_messages 1024
		max_queued_messages 10000
		set_tcp_nodelay true
	END
	services_begin "$work/services"
	fleet_images "$2" && fleet_broker || return
	supervise server "subscribe server -t fw/get/+" serve "publish -i server-pub" &
	fleet_pids+=($!)
	for n in $(seq "$1"); do
		supervise_device "d$n" A &
		fleet_pids+=($!)
	done
	supervise_device alien B &
	fleet_pids+=($!)
}

# send OPTION...: publishes the records of standard input.
send() {
	mqtt-pub5 -h 127.0.0.1 -p "$MQTT_PORT" --quiet "$@" 2>>"$fleet/send.log"
}
fleet_announce() { send <"$fleet/good"; }

installed() { [ "$(cat "$fleet"/dir/d*/installed 2>/dev/null | grep -cx 20)" = "$fleet_devices" ]; }

# ---- disturbing them ----

# kill_one CHAIN...: kills a process of one of them.
kill_one() {
	local chains=("$@") pids
	read -ra pids <"$fleet/chain/${chains[RANDOM % $#]}/pids" &&
		kill -KILL "${pids[RANDOM % ${#pids[@]}]}" && fleet_kills=$((fleet_kills + 1))
} 2>/dev/null

# Half of the times it forgets what it did not save, also what is retained.
restart_broker() {
	local signals=(TERM KILL)
	stop_broker "${signals[RANDOM % 2]}"
	fleet_restarts=$((fleet_restarts + 1))
	fleet_broker
}

# fleet_step NUMBER
fleet_step() {
	case $(($1 % 8)) in
	0) kill_one server ;;
	4) send <"$fleet/bad" ;;
	6) fleet_announce ;;
	*) kill_one $(seq -f 'd%.0f' "$fleet_devices") ;;
	esac
	if [ $(($1 % 40)) = 7 ]; then restart_broker; fi
}

fleet_disturb() {
	local end=$((SECONDS + $1)) step=0
	until installed || [ $SECONDS -ge $end ]; do
		fleet_step $((step++))
		sleep "$2"
	done
	echo "# killed $fleet_kills processes, restarted the broker $fleet_restarts times"
}

# ---- what has become of them ----

# The last state that each device has told, as the broker keeps it: "d1 updated".
states() {
	mqtt-sub5 -h 127.0.0.1 -p "$MQTT_PORT" --quiet -t 'fw/state/+' -C $((fleet_devices + 1)) -W 1 2>/dev/null |
		sed -n 's|^.*\tfw/state/\([a-z0-9]*\)\t.*{"state":"\([a-z]*\)".*|\1 \2|p' | sort -u
}
all_tell() {
	[ "$(states | grep -c '^d[0-9]* updated$')" = "$fleet_devices" ] || { fleet_announce && false; }
}

alien_tells() {
	states | grep -qx 'alien failed' || { fleet_announce && false; }
}

# Each device has refused everything that was bad.
all_refuse() {
	local code
	send <"$fleet/bad"
	for code in downgrade unknown-key model bad-signature; do
		[ "$(grep -lP "^x1\t[^\t]*\tfw-fetch\t$code\t" "$fleet"/letters/d* | wc -l)" = "$fleet_devices" ] || return
	done
}

fleet_check() {
	check "all devices have installed the image" wait_for "$1" installed
	check "and say so" wait_for "$1" all_tell
	check "all have refused what is not signed, too old, or for others" wait_for "$1" all_refuse
	check "one whose hardware it is not for says so" wait_for "$1" alien_tells
	is "no wrong image was handed to a command" "$(cat "$fleet/wrong")" ""
	is "every image that is kept is the right one" \
		"$(sha256sum "$fleet"/dir/d*/2.0.bin | cut -d' ' -f1 | sort | uniq -c | tr -s ' ')" \
		" $fleet_devices $(sha256sum "$fleet/images/thermo/2.0.bin" | cut -d' ' -f1)"
	check "each device ran its command" test "$(sort -u "$fleet/installs" | wc -l)" = "$fleet_devices"
	is "nothing crashed" "$(cat "$fleet/crashes") $(grep -lE 'Sanitizer|runtime error' "$fleet"/chain/*/log)" " "
}

# The supervisors reap what they started, and end.
fleet_end() {
	: >"$fleet/stop"
	while kill -0 "${fleet_pids[@]}"; do
		cat "$fleet"/chain/*/pids | xargs kill -KILL
		sleep 0.1
	done
	wait "${fleet_pids[@]}"
	services_end
} 2>/dev/null
