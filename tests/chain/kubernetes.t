#!/bin/bash
# What the Kubernetes manifests start works as they say: every command in them is run, of the worker's containers,
# probes and hooks. One of three workers is scaled in under load: nothing is lost, and no session stays behind.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/pod.sh"
command -v yq >/dev/null || skip_all "yq is not installed"
declare -A pids=()
cleanup() {
	[ ${#pids[@]} = 0 ] || kill -KILL "${pids[@]}" 2>/dev/null
	services_end
}
services_begin "$work/services"
{
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=localhost \
		-addext subjectAltName=DNS:localhost -keyout server.key -out server.crt
	echo 'sensorpipe:word of workers' >passwords
	mosquitto_passwd -U passwords
} 2>openssl.log || { flunk "certificates are made" "$(tail openssl.log)"; finish; }
printf '%s\n' 'listener @PORT@ 127.0.0.1' 'allow_anonymous false' "password_file $work/passwords" \
	"certfile $work/server.crt" "keyfile $work/server.key" 'max_inflight_messages 100' \
	'max_queued_messages 100000' >broker.conf
start_postgres fsync=off && start_broker broker.conf || { flunk "services start"; finish; }
psql -qXc "CREATE ROLE owner LOGIN PASSWORD 'pass of owner'; CREATE ROLE keyed LOGIN PASSWORD 'pass of keyed';
	GRANT CREATE ON SCHEMA public TO owner; GRANT ALL ON DATABASE $PGDATABASE TO owner"
sed -i '1i local all keyed,owner scram-sha-256' services/pg/data/pg_hba.conf
psql -qXc "SELECT pg_reload_conf()" >out

database="host=$PGHOST port=$PGPORT dbname=$PGDATABASE"
cat >own.env <<-E2
	BROKER=mqtts://sensorpipe@localhost:$MQTT_PORT
	CAPTURE_OPTIONS=--sync none
	DATABASE=$database user=keyed
	ADMIN_DATABASE=$database user=owner
	WITHIN=60
E2
check "the manifests are read" pods_begin
secret sensorpipe-broker ca.crt <server.crt
secret sensorpipe-broker password <<<"word of workers"
secret sensorpipe-database pgpass <<<"*:*:*:*:pass of keyed"
secret sensorpipe-admin pgpass <<<"*:*:*:*:pass of owner"

# run POD CONTAINER WHERE [KIND NAME]: to its end.
run() { (pod "$@"); }
# start POD CONTAINER
start() {
	pod "$1" "$2" '.command + (.args // [])' 2>>"$1.$2.err" &
	pids[$1.$2]=$!
}
hook() {
	local pid1=${pids[$1.$2]}
	run "$1" "$2" .lifecycle.preStop.exec.command
}
# status POD CONTAINER [SIGNAL]: how it ended, or ends by the signal.
status() {
	local pid=${pids[$1.$2]} status=0
	[ $# = 2 ] || kill "-$3" "$pid"
	wait "$pid" || status=$?
	unset "pids[$1.$2]"
	echo "$status"
}
probes() { run "$1" "$2" ".$3Probe.exec.command"; }
stored() {
	psql -qAtXc "SELECT count(*) FROM (SELECT sensor_id, time FROM sensor_readings
		UNION SELECT sensor_id, time FROM sensor_texts) AS both_tables"
}
are_stored() { [ "$(stored)" = "$1" ]; }
# load COUNT SEED
load() {
	sensor-sim --count "$1" --seed "$2" --start "$(date -u -d "-$2 hours" +%FT%TZ)" --interval 0.1 2>sim.err |
		mqtt-pub5 -L "mqtts://sensorpipe@localhost:$MQTT_PORT" --cafile server.crt --quiet \
			--password-file secrets/sensorpipe-broker/password
}
# session CLIENT: as a connection finds it that then ends it.
session() {
	mqtt-sub5 -L "mqtts://sensorpipe@localhost:$MQTT_PORT" --cafile server.crt -i "$1" -c -x 1 -t none -E \
		--password-file secrets/sensorpipe-broker/password 2>&1 | grep -o -e 'new session' -e 'session resumed'
}

# ---- the database: the Job ----
for container in passfile tsdb-admin; do
	check "Job migrate: $container" run migrate $container '.command + (.args // [])' Job migrate
done
is "the passfile is private" "$(stat -c %a migrate/passfile/pgpass)" 600
check "the worker's role may write" tsdb-admin -d "$database user=$PGUSER" grant writer keyed
for container in passfile tsdb-admin; do
	check "CronJob maintain: $container" run maintain $container '.command + (.args // [])' CronJob maintain
done

# ---- three workers ----
for n in 0 1 2; do
	for container in directory passfile; do run worker-$n $container .command || flunk "worker-$n: $container"; done
	check "worker-$n: its startup probe fails before" eval "! probes worker-$n capture startup"
	start worker-$n capture
	start worker-$n store
done
for n in 0 1 2; do
	for part in capture store; do
		for probe in startup readiness liveness; do
			check "worker-$n, $part: $probe" wait_for 30 probes worker-$n $part $probe
		done
	done
done
check "messages come" load 3000 1
check "and are stored" wait_for 60 are_stored 3000
is "each worker has a part of them" "$(for n in 0 1 2; do cat worker-$n/spool/spool/*.m1 | wc -l; done | tr '\n' ' ')" \
	"1000 1000 1000 "
is "no process has a secret among its arguments" \
	"$(ps -o args= -p "$(echo "${pids[@]}" | tr ' ' ',')" | grep -e 'word of' -e 'pass of')" ""

# ---- metrics, and what is scaled by ----
if command -v socat >/dev/null; then
	port=$(services_free_port)
	start worker-0 metrics
	ask() {
		exec {web}<>"/dev/tcp/127.0.0.1/$port" && printf 'GET /metrics HTTP/1.0\r\n\r\n' >&"$web" && cat <&"$web" >answer
		exec {web}>&-
	}
	shows() { ask && grep -Eq "^sensorpipe_$1\{.*worker=\"worker-0\".*\} [1-9]" answer; }
	for metric in spool_head copy_watermark; do
		check "the adapter's rule finds $metric" wait_for 20 shows $metric
		like "it is in the rule" "$(cat "$root/pipelines/kubernetes/prometheus-adapter.yaml")" "sensorpipe_$metric\\{"
	done
	kill "${pids[worker-0.metrics]}"
	wait "${pids[worker-0.metrics]}"
	unset 'pids[worker-0.metrics]'
else
	skip "metrics" "socat is not installed"
fi

# ---- scaling in ----
load 6000 2 &
publisher=$!
wait_for 20 eval '[ "$(cat worker-2/spool/spool/*.m1 | wc -l)" -gt 1100 ]'
# Both hooks at once, as for a pod that goes.
hook worker-2 capture 2>capture.hook &
leaving=$!
check "the hook of store" hook worker-2 store
like "the spool may be deleted" "$(cat err)" 'is stored: it may be deleted'
wait $leaving
is "the hook of capture" "$?" 0
status worker-2 capture >ended
is "capture has left, and ended with 0" "$(cat ended)" 0
like "it tells so" "$(cat worker-2.capture.err)" "client 'worker-2' leaves"
status worker-2 store TERM >ended
is "store ends with 0" "$(cat ended)" 0
wait $publisher
check "nothing is lost" wait_for 60 are_stored 9000
is "nothing came twice" "$(cat worker-?/spool/spool/*.m1 | wc -l)" 9000
is "the broker has no session of it" "$(session worker-2)" "new session"

# ---- the pod that stays: what comes while it is away waits for it ----
hook worker-0 capture 2>err
is "the hook of the anchor leaves nothing" "$? $(cat err)" "0 leave: 'worker-0' keeps its session"
status worker-0 capture TERM >ended
is "it ends with 0" "$(cat ended)" 0
hook worker-1 capture
status worker-1 capture >ended
is "the last of the others leaves" "$(cat ended)" 0
check "messages come while no worker is there" load 100 3
start worker-0 capture
check "they are stored then" wait_for 60 are_stored 9100

# ---- probes tell what is wrong ----
stop_postgres
check "messages come" load 10 4
check "without the database store is not ready" wait_for 30 eval '! probes worker-0 store readiness'
check "but alive" probes worker-0 store liveness
check "and capture is ready" wait_for 30 probes worker-0 capture readiness
start_postgres
check "with it, it is again" wait_for 60 probes worker-0 store readiness
check "and stores what came meanwhile" wait_for 60 are_stored 9110
stop_broker
check "without the broker capture is not ready" wait_for 30 eval '! probes worker-0 capture readiness'
check "but alive" probes worker-0 capture liveness
kill -STOP "${pids[worker-0.capture]}"
touch -d '2 minutes ago' worker-0/capture-metrics/mqtt-sub5.prom
fails "a tool that hangs is not alive" 1 probes worker-0 capture liveness
kill -CONT "${pids[worker-0.capture]}"
fails "leave store: not in time" 75 env WITHIN=0 SPOOL=worker-0/spool/spool SOURCE=worker-0 \
	"$root/pipelines/leave" store
for part in 0.capture 0.store 1.store; do
	status worker-${part%.*} ${part#*.} TERM >ended
	is "worker-$part ends" "$(cat ended)" 0
done
finish
