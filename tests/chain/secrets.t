#!/bin/bash
# Passwords and keys stay where they belong: in no argument, environment, message, metrics or core file; what the
# database's or the broker's administrator refuses is refused.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
running=()
cleanup() {
	if [ ${#running[@]} != 0 ]; then kill -KILL "${running[@]}"; fi
	services_end
}
services_begin "$work/services"
address=127.$((RANDOM % 250 + 2)).$((RANDOM % 250 + 2)).1 # of its own, as the port is that of the socket
{
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=ca -keyout ca.key -out ca.crt &&
		openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=db -keyout db.key -out db.csr &&
		openssl x509 -req -in db.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 \
			-extfile <(echo subjectAltName=DNS:db.example) -out db.crt
} 2>openssl.log || { flunk "certificates are made" "$(tail openssl.log)"; finish; }
printf '%s\n' 'listener @PORT@ 127.0.0.1' 'allow_anonymous false' "password_file $work/passwords" >broker.conf
echo 'worker:sesame-of-mqtt' >passwords
mosquitto_passwd -U passwords
start_postgres fsync=off && start_broker broker.conf || { flunk "services start"; finish; }
check "tsdb-admin init" tsdb-admin --quiet init
psql -qXc "CREATE ROLE keyed LOGIN PASSWORD 'sesame-of-db'"
tsdb-admin --quiet grant writer keyed
stop_postgres
cp db.crt db.key services/pg/data
chmod 600 services/pg/data/db.key
if [ "$(id -u)" = 0 ]; then chown --reference=services/pg/data services/pg/data/db.key; fi
printf '%s\n' 'local all all trust' 'hostssl all keyed 127.0.0.0/8 scram-sha-256' >services/pg/data/pg_hba.conf
printf '%s\n' "listen_addresses = '$address'" 'ssl = on' "ssl_cert_file = 'db.crt'" \
	"ssl_key_file = 'db.key'" >>services/pg/data/postgresql.conf
check "the database speaks TLS" start_postgres

(umask 077; echo sesame-of-mqtt >mqtt.password; echo wrong >wrong.password
	echo '*:*:*:keyed:sesame-of-db' >pgpass; echo '*:*:*:keyed:sesame-of-none' >wrong.pgpass)
local_tls="host=db.example hostaddr=$address port=$PGPORT dbname=$PGDATABASE user=keyed sslmode=verify-full"

# ---- a chain that works, looked at from outside ----
mkfifo readings
exec {hold}<>readings
export PGPASSFILE=$work/pgpass
ulimit -c unlimited 2>/dev/null
mqtt-sub5 -h 127.0.0.1 -p "$MQTT_PORT" -i looked-at -u worker --password-file mqtt.password -t 'sensors/#' \
	--metrics sub.prom >sub.out 2>sub.err &
running+=($!)
tsdb-copy -d "$local_tls sslrootcert=$work/ca.crt" --metrics copy.prom <readings 2>copy.err &
running+=($!)
check "the broker takes the password" wait_for 20 grep -qs subscribed sub.err
check "the database takes the other, over TLS that is verified" wait_for 20 grep -qs '^sensorpipe_copy_database_up.* 1$' copy.prom
for pid in "${running[@]}"; do
	is "$(cat /proc/$pid/comm): no secret among arguments and environment" \
		"$(tr '\0' '\n' <"/proc/$pid/cmdline" | grep sesame; tr '\0' '\n' <"/proc/$pid/environ" | grep sesame)" ""
	is "it leaves no core file" "$(awk '/^Max core file size/ { print ($5 <= 1) }' "/proc/$pid/limits")" 1
	kill -ABRT "$pid"
done
wait "${running[@]}" 2>/dev/null
running=()
is "nor has it" "$(find . -name 'core*')" ""
is "no secret in messages and metrics" "$(grep -l sesame ./*.err ./*.out ./*.prom)" ""

# ---- refusals ----
fails "a wrong password at the broker" 77 mqtt-sub5 -h 127.0.0.1 -p "$MQTT_PORT" -u worker --password-file wrong.password -t x -E
printf 'r1\t0\t2026-01-31T12:00:00.000000Z\t2026-01-31T12:00:00.000000Z\tclimate\tc\t1\ta=1\n' >record
copy() { PGPASSFILE=$work/${2:-pgpass} tsdb-copy --retry-for 1 -d "$local_tls $1" <record; }
check "the record is stored" copy "sslrootcert=$work/ca.crt"
fails "a wrong password at the database" 77 copy "sslrootcert=$work/ca.crt" wrong.pgpass
like "is told" "$(cat err)" 'password authentication failed'
is "without it" "$(grep -c sesame err)" 0
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=stranger -keyout s.key -out stranger.crt 2>openssl.log
fails "a database of another authority" 75 copy "sslrootcert=$work/stranger.crt"
like "is told" "$(cat err)" 'certificate verify failed'
fails "a database of another name" 75 copy "sslrootcert=$work/ca.crt host=elsewhere.example"
like "is told" "$(cat err)" 'does not match host name'
finish
