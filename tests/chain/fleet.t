#!/bin/bash
# Two hundred sensors, each with a certificate of its own over TLS 1.3, at a broker with the configuration that is
# shipped: every message is stored, and whoever is not allowed to is refused. tests/load/fleet is the large form.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/node.sh"
thief=
cleanup() {
	[ -z "$thief" ] || kill -KILL "$thief" 2>/dev/null
	nodes_end
	services_end
}
services_begin "$work/services"
nodes_begin "$work/nodes" && make_certificates sensor s1 s2 s3 s4 || { flunk "certificates are made" "$(cat nodes/pki.log)"; finish; }
start_postgres fsync=off && workers_configure 2 a && node_start a || { flunk "services start"; finish; }
check "tsdb-admin init" tsdb-admin init
worker_start a.worker-1
worker_start a.worker-2
check "the workers are ready" wait_for 30 workers_ready || cat nodes/*/log

pki=$nodes/pki
log=$nodes/a/log
# publish NAME TOPIC [OPTION...]: one reading, with the certificate of NAME.
publish() {
	tls "$1"
	printf 'm1\t0\t2026-01-31T12:00:00.000000Z\t%s\tq1\tapplication/json\t\t{"temperature":1}\n' "$2" |
		mqtt-pub5 -h localhost -p "${port[a.sensors]}" --no-retry --reject refused.x1 "${tls[@]}" "${@:3}"
}
stored() { psql -qAtXc "SELECT count(*) FROM readings WHERE $1"; }
stores() { [ "$(stored "$1")" = "$2" ]; }
subscribe() {
	tls "$1"
	mosquitto_sub -V 5 -h localhost -p "${port[a.$2]}" "${tls[@]}" -i "$1" "${@:3}"
}

# ---- a sensor that wants to take the messages of others ----

subscribe s4 sensors -t '$share/ingest/sensors/+/+' -t '#' -t '$SYS/#' \
	>stolen 2>thief.err &
thief=$!
wait_for 20 grep -q "as s4 (p5, c1" "$log"

# ---- all of them ----

"$BIN/../tests/helper/fleet" --port "${port[a.sensors]}" --connections 200 --messages 5 --rate 2000 --step 100 \
	--cafile "$pki/services/ca.crt" --issuer "$pki/sensors/ca.crt" --issuer-key "$pki/sensors/ca.key" \
	</dev/null >fleet.out 2>fleet.err
is "all connect, and all messages are acknowledged" "$? $(cat fleet.err)" \
	"0 fleet: sensors 200, connected 200, failed 0; messages 1000, acknowledged 1000, refused 0"
wait_for 30 stores "sensor LIKE 'load-%' AND metric = 'temperature'" 1000
is "every sensor's messages are stored" "$(psql -qAtXF' ' -c "SELECT n, count(*) FROM (SELECT count(*) AS n FROM readings
	WHERE sensor LIKE 'load-%' AND metric = 'temperature' GROUP BY sensor) t GROUP BY n")" "5 200"
is "nobody else got any" "$(cat stolen)" ""
kill "$thief" && wait "$thief" 2>/dev/null
thief=

# ---- who is refused ----

fails "no certificate" 69 mqtt-pub5 -h localhost -p "${port[a.sensors]}" --no-retry --cafile "$pki/services/ca.crt" </dev/null
check "is in the log" wait_for 20 grep -q 'peer did not return a certificate' "$log"
openssl s_client -connect "localhost:${port[a.sensors]}" -tls1_2 </dev/null >tls12 2>&1
like "TLS 1.2" "$(cat tls12)" 'alert protocol version'
check "is in the log, too" wait_for 20 grep -q 'unsupported protocol' "$log"
tls s1
fails "a sensor at the port of the services" 69 mqtt-pub5 -h localhost -p "${port[a.services]}" --no-retry "${tls[@]}" </dev/null
check "a sensor writes its own topic" publish s1 sensors/climate/s1
check "whatever client id it gives" publish s1 sensors/climate/s1 -i a.worker-1
check "the topic of another" publish s1 sensors/climate/s2
like "is refused" "$(cut -f4,9 refused.x1)" $'^refused\tsensors/climate/s2$'
check "so are other topics" publish s1 'fw/model/manifest'
is "by the broker" "$(cut -f4,9 refused.x1 | tail -n 1)" $'refused\tfw/model/manifest'
wait_for 30 stores "sensor = 's1'" 2
is "and nothing of that is stored" "$(stored "sensor = 's2'")" 0
for worker in a.worker-1 a.worker-2; do
	is "$worker kept its connection" "$(grep -c 'mqtt-sub5: connected' "$nodes/$worker/log")" 1
done

# ---- revocation ----

revoke() { make_certificates revoke sensor "$1" && node_install a && kill -HUP "${node_pid[a]}"; }
check "before, the certificate is good" publish s3 sensors/climate/s3
check "a certificate is revoked" revoke s3
refused() { ! publish s3 sensors/climate/s3; }
check "and refused from then on, without a restart" wait_for 20 refused
like "is told in the log" "$(cat "$log")" 'certificate verify failed'
check "others are not" publish s1 sensors/climate/s1

# ---- renewal ----

serial() { openssl s_client -connect "localhost:${port[a.sensors]}" </dev/null 2>/dev/null | openssl x509 -noout -serial; }
before=$(serial)
mv "$pki"/services/server.* .
check "the broker's certificate is renewed" eval \
	'make_certificates server localhost && node_install a && kill -HUP "${node_pid[a]}"'
renewed() { [ "$(serial)" != "$before" ]; }
check "and shown from then on, without a restart" wait_for 20 renewed
check "sensors take it" publish s1 sensors/climate/s1
is "and workers did not notice" "$(grep -c 'mqtt-sub5: connected' "$nodes/a.worker-1/log")" 1

# ---- firmware ----

subscribe s1 sensors -t fw/rx/s1 -t fw/rx/s2 -t fw/thermo/manifest -C 2 -W 20 -F '%t %p' >device 2>device.err &
thief=$!
wait_for 20 eval '[ "$(grep -c "as s1 (p5, c1" "$log")" -ge 5 ]'
sleep 0.2
# send SERVICE: the topics and payloads of standard input.
send() {
	tls "$1"
	sed 's|^\([^ ]*\) \(.*\)|m1\t0\t2026-01-31T12:00:00.000000Z\t\1\tq1\t\t\t\2|' |
		mqtt-pub5 -h localhost -p "${port[a.services]}" "${tls[@]}" --quiet 2>>refused.log
}
printf '%s\n' 'fw/rx/s2 other' 'fw/thermo/manifest not-by-the-server' 'fw/rx/s1 own' | send fw-server
echo 'fw/thermo/manifest all' | send fw-release
wait "$thief"
thief=
is "a device gets its own pieces and manifests" "$(sort device)" "fw/rx/s1 own
fw/thermo/manifest all"

workers_stop
is "the workers end with status 0" "$statuses" 00
finish
