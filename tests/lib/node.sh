# Sourced by the tests of the broker's configuration, after tap.sh and services.sh: broker nodes that run
# exactly pipelines/mosquitto, but for ports, paths and the user, and workers behind them.
#
#   nodes_begin DIR           authorities, a broker's certificate for localhost
#   node_start NAME           a broker; its ports are in ${port[NAME.sensors]}, NAME.services;
#                             started again it has the same ports and finds what it had saved
#   node_stop NAME [SIGNAL]
#   workers_configure WORKERS NODE      settings and certificates of NODE.worker-1 and so on, before node_start
#   worker_start WORKER       pipelines/ingest with these settings and a spool
#   tls NAME                  sets `tls`: the options of a client with the certificate of NAME
#   workers_ready, workers_stop
#   nodes_end                 kills all of them
#
# A node's files are in DIR/NAME: mosquitto.conf, log, saved sessions. A worker's are in DIR/WORKER.

declare -A port=() node_pid=() worker_pid=()
make_certificates() { "$root/pipelines/mosquitto/make-certificates" --dir "$nodes/pki" "$@"; }

nodes_begin() {
	nodes=$1
	mkdir -p "$nodes"
	{ make_certificates init && make_certificates server localhost 127.0.0.1 &&
		make_certificates service fw-server fw-release; } >"$nodes/pki.log" 2>&1
}

tls() {
	local authority=sensors
	[ -e "$nodes/pki/sensors/$1.crt" ] || authority=services
	tls=(--cafile "$nodes/pki/services/ca.crt" --cert "$nodes/pki/$authority/$1.crt" --key "$nodes/pki/$authority/$1.key")
}

# node_install NODE: copies what the configuration names, as the manual tells; the acl is for two workers.
node_install() {
	local etc=$nodes/$1/etc authority
	mkdir -p "$etc"
	for authority in sensors services; do
		cp "$nodes/pki/$authority/ca.crt" "$etc/$authority-ca.crt"
		cp "$nodes/pki/$authority/crl.pem" "$etc/$authority-crl.pem"
	done
	cp "$nodes/pki/services/server.crt" "$nodes/pki/services/server.key" "$etc"
	sed "s/^user worker-/user $1.worker-/" "$root/pipelines/mosquitto/acl" >"$etc/acl"
}

# node_configure NODE
node_configure() {
	local dir=$nodes/$1
	{
		if [ "$(id -u)" = 0 ]; then echo "user root"; fi
		printf '%s\n' "log_dest file $dir/log" "persistence true" "persistence_location $dir/"
		sed -e "s|^listener 8883|listener ${port[$1.sensors]} 127.0.0.1|" \
			-e "s|^listener 8884|listener ${port[$1.services]} 127.0.0.1|" \
			-e "s|/etc/mosquitto/sensorpipe/|$dir/etc/|" "$root/pipelines/mosquitto/sensorpipe.conf"
	} >"$dir/mosquitto.conf"
}

# listening PID PORT...: the process is alive, and all ports answer.
listening() {
	local each
	kill -0 "$1" || return 2
	for each in "${@:2}"; do (exec 3<>"/dev/tcp/127.0.0.1/$each") || return; done
} 2>/dev/null

# node_try NODE: starts it on its ports; fails when it ends.
node_try() {
	local i status=1
	node_configure "$1"
	mosquitto -c "$nodes/$1/mosquitto.conf" >>"$nodes/$1/stderr" 2>&1 &
	node_pid[$1]=$!
	for i in $(seq 400); do
		listening "${node_pid[$1]}" "${port[$1.sensors]}" "${port[$1.services]}"
		status=$?
		if [ $status != 1 ]; then break; fi
		sleep 0.05
	done
	return $status
}

# Another process may take a port that was free: others are tried, unless clients know them already.
node_start() {
	local try known=${port[$1.sensors]:-} kind
	mkdir -p "$nodes/$1"
	node_install "$1"
	for try in 1 2 3 4 5; do
		if [ -z "$known" ]; then
			for kind in sensors services; do port[$1.$kind]=$(services_free_port); done
		fi
		if node_try "$1"; then return; fi
		node_stop "$1"
	done
	tail -n 20 "$nodes/$1/stderr" "$nodes/$1/log" >&2
	return 1
}

node_stop() {
	kill "-${2:-TERM}" "${node_pid[$1]}"
	wait "${node_pid[$1]}"
	unset "node_pid[$1]"
} 2>/dev/null

# workers_configure WORKERS NODE: their settings and certificates, as pipelines/cluster makes them.
workers_configure() {
	local name names=() n
	for ((n = 1; n <= $1; n++)); do names+=("$2.worker-$n"); done
	mkdir -p "$nodes/env"
	"$root/pipelines/cluster/make-workers" --workers "$1" --dir "$nodes/env" "$2=localhost" >"$nodes/workers.todo" &&
		make_certificates service "${names[@]}" || return
	for name in "${names[@]}"; do cat "$nodes/pki/services/$name".{crt,key} >"$nodes/env/$name.pem"; done
}

# setting WORKER VARIABLE: its value in the worker's file, at the ports and paths of here.
setting() {
	sed -n "s|^$2=||p" "$nodes/env/$1.env" |
		sed -e "s|-p 8884|-p ${port[${1%.*}.services]}|" -e "s|/run/credentials/[^ ]*|$nodes/env/$1.pem|" \
			-e "s|/etc/ssl/certs/sensorpipe-broker-ca.pem|$nodes/pki/services/ca.crt|"
}

# The database is that of the environment.
worker_start() {
	local dir=$nodes/$1 options
	mkdir -p "$dir/rejects"
	read -ra options <<<"$(setting "$1" MQTT_OPTIONS)"
	SPOOL=$dir/spool SOURCE=$(setting "$1" SOURCE) REJECTS=$dir/rejects DRAIN=20 CAPTURE_OPTIONS="--sync none" \
		"$root/pipelines/ingest" -i "$(setting "$1" SOURCE)" "${options[@]}" 2>>"$dir/log" &
	worker_pid[$1]=$!
}
# workers_ready [TIMES]: whether all workers have subscribed so often (1).
workers_ready() {
	local name
	for name in "${!worker_pid[@]}"; do
		[ "$(grep -c subscribed "$nodes/$name/log")" -ge "${1:-1}" ] || return
	done
}
# workers_stop: asks all workers to end; sets `statuses` to theirs, which should all be 0.
workers_stop() {
	local name
	statuses=
	kill "${worker_pid[@]}"
	for name in "${!worker_pid[@]}"; do
		wait "${worker_pid[$name]}"
		statuses+=$?
	done
	worker_pid=()
}

# descendants PID: it, and all processes below it.
descendants() {
	local child
	echo "$1"
	for child in $(pgrep -P "$1"); do descendants "$child"; done
}

nodes_end() {
	local pid
	for pid in "${worker_pid[@]}"; do kill -KILL $(descendants "$pid"); done
	for pid in "${node_pid[@]}"; do kill -KILL "$pid"; done
	wait "${worker_pid[@]}" "${node_pid[@]}"
} 2>/dev/null
