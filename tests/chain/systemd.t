#!/bin/bash
# What the systemd units start works as they say: each command is run as systemd would run it. Workers are ready, show
# signs of life, drain and lose nothing; passwords arrive; metrics and records pass their sockets.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/unit.sh"
started=() activated=''
cleanup() {
	local pid
	for pid in "${started[@]}"; do pkill -KILL -s "$pid"; done
	[ -z "$activated" ] || kill "$activated"
	units_end
	services_end
}
services_begin "$work/services"
printf '%s\n' 'listener @PORT@ 127.0.0.1' 'allow_anonymous false' "password_file $work/passwords" \
	'max_inflight_messages 1024' 'max_queued_messages 100000' >broker.conf
for user in w1 other; do echo "$user:word of $user"; done >passwords
mosquitto_passwd -U passwords
start_postgres fsync=off && start_broker broker.conf || { flunk "services start"; finish; }
check "tsdb-admin init" tsdb-admin init
# A role that needs its password.
psql -qXc "CREATE ROLE keyed LOGIN PASSWORD 'pass of keyed'"
check "the role may write" tsdb-admin grant writer keyed
sed -i '1i local all keyed scram-sha-256' services/pg/data/pg_hba.conf
psql -qXc "SELECT pg_reload_conf()" >out
check "the role needs its password" eval '! psql -wqX -U keyed -c "SELECT 1"'

check "units are rendered" units_begin
database="host=$PGHOST port=$PGPORT dbname=$PGDATABASE user=keyed"
cp -R "$root/pipelines/schemas" schemas
sed -e "s|^MQTT_OPTIONS=.*|MQTT_OPTIONS=-h 127.0.0.1 -p $MQTT_PORT -t sensors/+/+ -q 1 --share ingest -u w1 --password-file $work/state/sensorpipe-capture@w1.service/credentials/mqtt-password|" \
	-e "s|^DATABASE=.*|DATABASE=$database|" -e "s|^#SENSORPIPE_SCHEMAS=.*|SENSORPIPE_SCHEMAS=$work/schemas|" \
	"$root/pipelines/systemd/worker.env" >etc/sensorpipe/w1.env
sed -e "s|^DATABASE=.*|DATABASE=$database|" "$root/pipelines/systemd/ingest.env" >etc/sensorpipe/ingest.env
echo "SENSORPIPE_SCHEMAS=$work/schemas" >>etc/sensorpipe/ingest.env
sed -e "s|^DATABASE=.*|DATABASE=host=$PGHOST port=$PGPORT dbname=$PGDATABASE user=$PGUSER|" \
	"$root/pipelines/systemd/maintain.env" >etc/sensorpipe/maintain.env
echo "word of w1" >etc/credstore/sensorpipe.w1.mqtt-password
echo "*:*:*:*:pass of keyed" >etc/credstore/sensorpipe.w1.pgpass
cp etc/credstore/sensorpipe.w1.pgpass etc/credstore/sensorpipe.ingest.pgpass

# start UNIT INSTANCE: sets $main, the process that systemd would call the main one.
start() {
	prepare "$1" "$2"
	: >"$state/notify"
	if [ -n "$(setting ExecStartPre)" ]; then (unit_run ExecStartPre) || return; fi
	(unit_run ExecStart setsid) 2>>"$state/err" &
	main=$!
	started+=($main)
}
# stop PID: as KillMode=mixed; it ends with 0.
stop() {
	local status=0
	kill -TERM "$1"
	wait "$1" || status=$?
	[ $status = 0 ] || { echo "status $status"; cat "$state/err"; return 1; }
}
stored() {
	psql -qAtXc "SELECT count(*) FROM (SELECT sensor_id, time FROM sensor_readings
		UNION SELECT sensor_id, time FROM sensor_texts) AS both_tables"
}
are_stored() { [ "$(stored)" = "$1" ]; }
publish() {
	sensor-sim --count "$1" --seed "$2" --start "$(date -u -d "-$2 hours" +%FT%TZ)" --interval 0.1 2>sim.err |
		mqtt-pub5 -h 127.0.0.1 -p "$MQTT_PORT" -u other --password-file other.password "${@:3}"
}
(umask 077; echo "word of other" >other.password)

# ---- a worker ----
start sensorpipe-capture@.service w1
capture=$main
check "capture is ready" wait_for 30 notified READY=1
like "its state is told" "$(cat "$state/notify")" '^STATUS=connected$'
start sensorpipe-store@.service w1
store=$main
check "store is ready" wait_for 30 notified READY=1
like "its state is told" "$(cat "$state/notify")" '^STATUS=database: connected$'
is "the passfile is private" "$(stat -c %a run/sensorpipe/w1/store/pgpass)" 600
is "no process has a secret among its arguments" \
	"$(ps -o args= -s "$capture" -s "$store" | grep -e 'word of' -e 'pass of')" ""
check "messages are published" publish 1000 1
check "and stored" wait_for 30 are_stored 1000
for part in capture store; do
	state=$work/state/sensorpipe-$part@w1.service
	before=$(grep -c WATCHDOG=1 "$state/notify")
	check "$part shows signs of life while nothing comes" wait_for 20 eval \
		'[ "$(grep -c WATCHDOG=1 "$state/notify")" -gt $((before + 3)) ]'
done

# ExecReload: schemas are read anew.
bad() { sensor-sim --count 1 --type climate --seed 5 2>sim.err | sed 's|sensors/climate/|sensors/made-up/|'; }
bad | mqtt-pub5 -h 127.0.0.1 -p "$MQTT_PORT" -u other --password-file other.password 2>pub.err
check "a type without a schema is rejected" wait_for 20 test -s var/sensorpipe/w1/rejects/validate.x1
mkdir schemas/made-up
cp schemas/climate/1.json schemas/made-up/
prepare sensorpipe-store@.service w1
environment+=(MAINPID="$store")
check "reload" eval '(unit_run ExecReload)'
check "is done" wait_for 20 grep -q '^sensor-validate: .*reloaded' "$state/err"
bad | mqtt-pub5 -h 127.0.0.1 -p "$MQTT_PORT" -u other --password-file other.password 2>pub.err
check "then it is stored" wait_for 20 are_stored 1001

# ---- metrics ----
ask() {
	exec {web}<>"/dev/tcp/127.0.0.1/$port" && printf 'GET /metrics HTTP/1.0\r\n\r\n' >&"$web" && cat <&"$web" >answer
	exec {web}>&-
}
prepare sensorpipe-metrics@.service 1
(unit_run ExecStart) <<<$'GET /metrics HTTP/1.0\r\n\r' >answer 2>err
like "the answer has capture's metrics" "$(cat answer)" '^sensorpipe_mqtt_connected\{worker="w1"\} 1$'
like "and store's" "$(cat answer)" '^sensorpipe_copy_database_up\{worker="w1",source="w1"\} 1$'
if command -v systemd-socket-activate >/dev/null; then
	port=$(services_free_port)
	activate() { exec env -i "${environment[@]}" systemd-socket-activate -l "127.0.0.1:$port" --accept --inetd $(setting ExecStart); }
	(activate) 2>activate.err &
	activated=$!
	check "by the socket too" wait_for 20 ask
	exec {silent}<>"/dev/tcp/127.0.0.1/$port"
	check "also while another client says nothing" ask
	like "the same" "$(cat answer)" '^sensorpipe_mqtt_connected\{worker="w1"\} 1$'
	exec {silent}>&-
	kill "$activated"
	wait "$activated"
	activated=''
else
	skip "by the socket" "systemd-socket-activate is not installed"
fi

# ---- draining ----
publish 20000 3 2>pub.err &
publisher=$!
wait_for 20 eval '[ "$(stored)" -gt 1001 ]'
state=$work/state/sensorpipe-store@w1.service
check "SIGTERM ends store with 0 while messages come" stop "$store"
check "STOPPING is told" notified STOPPING=1
state=$work/state/sensorpipe-capture@w1.service
check "SIGTERM ends capture with 0" stop "$capture"
check "STOPPING is told" notified STOPPING=1
start sensorpipe-capture@.service w1
capture=$main
start sensorpipe-store@.service w1
store=$main
wait "$publisher"
check "started again, all is stored" wait_for 60 are_stored 21001
is "the broker had its acknowledgements" "$(grep -c 'published 20000' pub.err)" 1

# ---- records by the socket ----
# hand_in COMMAND...: the command's standard input is a socket into which ours goes; its answer is printed.
cat >hand-in.pl <<'E2'
use Socket;
socketpair(my $ours, my $theirs, AF_UNIX, SOCK_STREAM, 0) or die;
if (!fork) { open(STDIN, '<&', $theirs); close $ours; exec @ARGV }
close $theirs;
while (sysread(STDIN, my $bytes, 65536)) { syswrite $ours, $bytes }
shutdown $ours, 1;
print <$ours>;
wait;
E2
prepare sensorpipe-ingest@.service 1
hand_in() {
	: >"$state/notify"
	(unit_run ExecStartPre)
	(unit_run ExecStart "$@" perl hand-in.pl setsid) 2>"$state/err"
}
day=$(date -u -d '-20 days' +%F)
{
	sensor-sim --count 500 --seed 9 --start "${day}T00:00:00Z" 2>sim.err
	echo '{"tst":"'"$day"'T12:00:00.000000Z+0000","topic":"sensors/climate/json","qos":1,"retain":0,"payloadlen":18,"properties":{"content-type":"application/json"},"payload":"{\"temperature\":21}"}'
	printf 'm1\t0\t%sT13:00:00.000000Z\tsensors/climate/c-1\tq1\tapplication/json\t\tno JSON\n' "$day"
} >handed-in
is "records are handed in: the answer" "$(hand_in <handed-in)" 0
check "the database was connected" notified READY=1
is "they are stored" "$(stored)" 21502
is "or dead letters" "$(cut -f4 var/sensorpipe/ingest/rejects/decode.x1)" bad-json
is "handed in again" "$(hand_in <handed-in)" 0
like "they are duplicates" "$(cat "$state/err")" '^tsdb-copy: received 502, stored 0, duplicates 501,'
is "a record that is cut off: the answer" "$(head -c 100 handed-in | hand_in)" 65
mkfifo pipe
sed -i 's/temperature\\":21/temperature\\":22/; s/climate\/json/climate\/stopped/' handed-in
hand_in <pipe >answer &
handing=$!
exec {pipe}>pipe
cat handed-in >&"$pipe"
check "the socket's chain takes what comes" wait_for 30 are_stored 21503
receives() { pgrep -f "^/bin/bash $work/prefix/share/sensorpipe/receive" >pids; }
receives
xargs kill -TERM <pids
check "told to stop, it ends" wait_for 20 eval '! receives'
exec {pipe}>&-
wait "$handing"
is "stopped before the end: the answer" "$(cat answer)" 75

# ---- maintenance, the machine's own sensors ----
prepare tsdb-maintain.service ''
(unit_run ExecStartPre)
check "maintenance runs" eval '(unit_run ExecStart)'
check "its metrics are kept" eval '(unit_run ExecStartPost)'
is "where metrics-serve finds them, and may read them" "$(stat -c %a run/sensorpipe/maintain/tsdb-admin.prom)" 644
like "they tell when that was" "$(metrics-serve --print run/sensorpipe 2>err)" \
	'^sensorpipe_last_success_time_seconds\{worker="maintain",tool="tsdb-admin"\} [1-9]'
check "a run that leaves no file takes none away" eval '(unit_run ExecStartPost) && [ -e run/sensorpipe/maintain/tsdb-admin.prom ]'
cat >etc/sensorpipe/w2.env <<-E2
	HOST_OPTIONS=-n 1 -s machine
	MQTT_OPTIONS=-h 127.0.0.1 -p $MQTT_PORT -u other --password-file $work/state/host-sensors@w2.service/credentials/mqtt-password
E2
echo "word of other" >etc/credstore/sensorpipe.w2.mqtt-password
prepare host-sensors@.service w2
check "a sample of the machine is published" eval '(unit_run ExecStart)'
check "and stored" wait_for 20 eval \
	'[ "$(psql -qAtXc "SELECT count(DISTINCT time) FROM readings WHERE sensor = '\''machine'\''")" = 1 ]'

# ---- a firmware server ----
sed -e "s|^FIRMWARE=.*|FIRMWARE=$work/firmware|" -e "s|^SERVE_OPTIONS=.*|SERVE_OPTIONS=--key $work/release.pub|" \
	-e "s|^MQTT_OPTIONS=.*|MQTT_OPTIONS=-h 127.0.0.1 -p $MQTT_PORT -u other --password-file $work/state/sensorpipe-firmware@fw.service/credentials/mqtt-password|" \
	"$root/pipelines/systemd/firmware.env" >etc/sensorpipe/fw.env
echo "word of other" >etc/credstore/sensorpipe.fw.mqtt-password
fw-sign --quiet keygen release >/dev/null
mkdir -p firmware/thermo
# release VERSION SEQUENCE: another image of 20001 bytes.
release() {
	head -c 20001 /dev/urandom >"firmware/thermo/$1.bin"
	fw-sign --quiet sign --key release --model thermo --hardware A --version "$1" --sequence "$2" \
		"firmware/thermo/$1.bin" >"firmware/thermo/$1.manifest"
}
# ask_for VERSION: the first bytes of its image, as a device would; else nothing.
ask_for() {
	mosquitto_rr -V 5 -h 127.0.0.1 -p "$MQTT_PORT" -u other -P "word of other" -q 1 -t fw/get/d1 -e fw/rx/d1 -W 20 -N \
		-D publish content-type application/json -D publish correlation-data 1 \
		-D publish message-expiry-interval 60 \
		-m '{"model":"thermo","version":"'"$1"'","offset":0,"length":4096}'
}
serves() { ask_for "$1" | cmp - <(head -c 4096 "firmware/thermo/$1.bin"); }
release 1.0 1
start sensorpipe-firmware@.service fw
firmware=$main
check "the firmware server is ready" wait_for 30 notified READY=1
check "a device gets its image" serves 1.0
release 1.1 2
like "not one that the server has not seen" "$(ask_for 1.1)" unknown-version
prepare sensorpipe-firmware@.service fw
environment+=(MAINPID="$firmware")
check "reload" eval '(unit_run ExecReload)'
check "then that too" wait_for 20 serves 1.1
mosquitto_pub -V 5 -h 127.0.0.1 -p "$MQTT_PORT" -u other -P "word of other" -q 1 -t fw/get/d1 -m odd
check "what is no request is a dead letter" wait_for 20 grep -q not-a-request var/sensorpipe/fw/rejects/serve.x1
check "its metrics are there" wait_for 20 eval \
	"metrics-serve --print run/sensorpipe 2>err | grep -qxF 'sensorpipe_firmware_versions{worker=\"fw\"} 2'"
check "SIGTERM ends it with 0" stop "$firmware"
like "the requests are counted" "$(cat "$state/err")" '^fw-serve: records [0-9]+, rejected 1, answered'
start sensorpipe-firmware@.service fw
firmware=$main
check "started again" wait_for 30 notified READY=1
pkill -KILL -s "$firmware" -x mqtt-pub5
status=0
wait "$firmware" || status=$?
is "what publishes is gone: so is the server" "$status" 137
is "and nothing of it is left" "$(pgrep -s "$firmware")" ""

check "store ends" stop "$store"
check "capture ends" stop "$capture"
is "nothing was lost, nothing came twice" "$(stored)" 21504
finish
