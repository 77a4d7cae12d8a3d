#!/bin/bash
# Two broker nodes, one with two workers that share a subscription, one with a single worker, one database: each
# node is killed and comes back, sensors wait for it or go over to the other, and every message is stored, once.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/node.sh"
declare -A sensor=() # pid
cleanup() {
	[ ${#sensor[@]} = 0 ] || kill -KILL "${sensor[@]}" 2>/dev/null
	nodes_end
	services_end
}
count=400 # messages of each sensor
hour=$(date -u -d '-1 hour' +%FT%H)

# ---- what make-workers makes and refuses ----

mkdir env
make_workers() { "$root/pipelines/cluster/make-workers" --dir env "$@"; }
check "settings of workers are made" make_workers --workers 3 a=mqtt-a.example.com b=mqtt-b.example.com
is "a file each" "$(ls env | tr '\n' ' ')" "a.worker-1.env a.worker-2.env a.worker-3.env b.worker-1.env b.worker-2.env b.worker-3.env "
group() { sed -n 's/.*--share \([0-9a-f]*\).*/\1/p' env/"$1".worker-?.env | sort -u; }
like "the workers of a node share one group" "$(group a)" '^[0-9a-f]{32}$'
check "another than those of other nodes" test "$(group a)" != "$(group b)"
check "one worker" make_workers e=mqtt-e.example.com
is "shares with nobody" "$(group e)" ""
fails "nothing is overwritten" 73 make_workers c=host a=other
is "nor half of it made" "$(ls env/c.* 2>/dev/null)" ""
fails "nor the file of a node that is given twice" 64 make_workers f=host f=other
is "of which there is none" "$(ls env | grep '^f')" ""
fails "a name that is none" 64 make_workers 'a/b=host'
fails "a password" 64 make_workers --database 'host=db password=x' d=host

# ---- the cluster ----

services_begin "$work/services"
nodes_begin "$work/nodes" && make_certificates sensor waits goes-over stays ||
	{ flunk "certificates are made" "$(cat nodes/pki.log)"; finish; }
workers_configure 2 a && workers_configure 1 b && start_postgres fsync=off && node_start a && node_start b ||
	{ flunk "services start"; finish; }
check "tsdb-admin init" tsdb-admin init
for name in a.worker-1 a.worker-2 b.worker-1; do worker_start "$name"; done
check "the workers are ready" wait_for 30 workers_ready

# readings SENSOR: its records; each has a time of its own.
readings() {
	awk -v sensor="$1" -v n=$count -v hour="$hour" 'BEGIN { for (i = 0; i < n; i++)
		printf "m1\t0\t2026-01-31T12:00:00.000000Z\tsensors/climate/%s\tq1\tapplication/json\t\t" \
			"{\"time\":\"%s:%02d:%02dZ\",\"temperature\":%d}\n", sensor, hour, i / 60, i % 60, i % 50 }'
}
# publish SENSOR NODE [OPTION...]: publishes standard input.
publish() {
	tls "$1"
	exec mqtt-pub5 -h localhost -p "${port[$2.sensors]}" "${tls[@]}" "${@:3}"
}
sensor_start() {
	readings "$1" >"$1.m1"
	publish "$1" "$2" --rate 250 --acknowledged <"$1.m1" >"$1.done" 2>"$1.err" &
	sensor[$1]=$!
}
published() { [ "$(cat "$1.done" | wc -l)" -ge "$2" ]; }

sensor_start waits a
sensor_start goes-over a
for name in waits goes-over; do wait_for 30 published $name 100 || flunk "$name publishes"; done

# What a node acknowledged and has neither handed over nor saved is lost with it: see sensorpipe-broker(7). So
# its sensors are held until it has saved what it has read from them.
# has_read PORT: nothing is in the node's sockets, nor on the way to them.
has_read() {
	awk -v port="$(printf :%04X "$1")" '$4 == "01" && (index($2, port) && $5 !~ /:00000000$/ ||
		index($3, port) && $5 !~ /^00000000:/) { busy = 1 } END { exit busy }' /proc/net/tcp
}
saved() { kill -USR1 "${node_pid[$1]}" && sleep 0.1 && [ "nodes/$1/mosquitto.db" -nt held ]; }
# fell NODE SENSOR...
fell() {
	local node=$1 name
	shift
	for name; do kill -STOP "${sensor[$name]}"; done
	wait_for 20 has_read "${port[$node.sensors]}" || flunk "the node $node reads what was sent"
	touch held
	wait_for 20 saved "$node" || flunk "the node $node saves what it has"
	node_stop "$node" KILL
}

# A node whose workers share a subscription lets its sensors in when these are there again.
fell a waits goes-over
kill -KILL "${sensor[goes-over]}" && wait "${sensor[goes-over]}" 2>/dev/null
unset "sensor[goes-over]"
# What was not acknowledged goes to the other node; what was, but was not told, is then published twice.
grep -vxFf goes-over.done goes-over.m1 >rest.m1
check "a sensor goes over to the other node" eval '(publish goes-over b <rest.m1)'
gone_over() { [ "$(psql -qAtXc "SELECT count(*) FROM readings WHERE sensor = 'goes-over'")" = $count ]; }
check "all its messages are stored while its first node is away" wait_for 30 gone_over
check "the node comes back" node_start a
resubscribed() { [ "$(cat nodes/a.worker-?/log | grep -c 'subscribed, session resumed')" -ge 2 ]; }
check "so do its workers, with their sessions" wait_for 60 resubscribed
kill -CONT "${sensor[waits]}"

# One with a single worker needs no such care.
sensor_start stays b
wait_for 30 published stays 100 || flunk "stays publishes"
fell b stays
check "the other node comes back" node_start b
kill -CONT "${sensor[stays]}"

for name in waits stays; do
	wait "${sensor[$name]}"
	is "$name: every message is acknowledged" "$? $(wc -l <$name.done)" "0 $count"
	like "after its connection was made again" "$(cat $name.err)" 'reconnects [1-9]'
	unset "sensor[$name]"
done

counts() {
	psql -qAtXF' ' -c "SELECT sensor, count(*), count(DISTINCT time), sum(value) FROM readings
		GROUP BY sensor ORDER BY sensor"
}
all=$(printf "%s $count $count $((count / 50 * 1225))\n" goes-over stays waits)
all_stored() { [ "$(counts)" = "$all" ]; }
wait_for 60 all_stored
is "every message is stored, once" "$(counts)" "$all"

workers_stop
is "the workers end with status 0" "$statuses" 000
is "each by itself knows how far it got" "$(psql -qAtXc 'SELECT count(*) FROM ingest_watermarks')" 3
is "nothing was rejected" "$(cat nodes/*/rejects/* | head -n 3)" ""
finish
