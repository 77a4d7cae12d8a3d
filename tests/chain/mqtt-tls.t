#!/bin/bash
# TLS: the chain of certificates and the host name are always verified, 1.3 is the lowest version unless
# told otherwise, and a refusal says why.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
old=
cleanup() {
	[ -z "$old" ] || kill -KILL "$old" 2>/dev/null
	services_end
}
services_begin "$work/services"

# certificate NAME CA SUBJECT-ALT-NAME DAYS: NAME.crt and NAME.key signed by CA.
certificate() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1.key" -subj "/CN=$1" -out "$1.csr" &&
		openssl x509 -req -in "$1.csr" -CA "$2.crt" -CAkey "$2.key" -CAcreateserial \
			-extfile <(echo "subjectAltName=$3") -days "$4" -out "$1.crt"
}
authority() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj "/CN=$1" \
		-keyout "$1.key" -out "$1.crt"
}
{
	authority ca && authority stranger &&
		certificate server ca DNS:localhost,IP:127.0.0.1 30 &&
		certificate elsewhere ca DNS:broker.example 30 &&
		certificate expired ca DNS:localhost -1 &&
		certificate client ca DNS:client 30 &&
		openssl ec -in client.key -aes256 -passout pass:sesame -out locked.key
} 2>openssl.log || { flunk "certificates are made" "$(tail openssl.log)"; finish; }
printf 'sesame\n' >sesame && chmod 600 sesame

# broker CERTIFICATE [LINE...]
broker() {
	stop_broker
	printf '%s\n' 'listener @PORT@ 127.0.0.1' 'allow_anonymous true' "certfile $work/$1.crt" \
		"keyfile $work/$1.key" "${@:2}" >tls.conf
	start_broker tls.conf || flunk "the broker starts"
}
subscribe() {
	mqtt-sub5 -h localhost -p "$MQTT_PORT" -t 'tls/#' -E "$@"
}

broker server
check "a certificate of the trusted authority" subscribe --cafile ca.crt
like "is told by the URL" "$(cat err)" "connected to 'mqtts://localhost:$MQTT_PORT'"
check "the address is verified where it is the host" mqtt-sub5 -h 127.0.0.1 -p "$MQTT_PORT" -t x -E --cafile ca.crt
check "TLS by the URL" mqtt-sub5 -L "mqtts://localhost:$MQTT_PORT/tls/x" -E --cafile ca.crt
mkdir hashed && cp ca.crt hashed && openssl rehash hashed 2>/dev/null
check "a directory of authorities" subscribe --capath hashed

mqtt-sub5 -h localhost -p "$MQTT_PORT" -t 'tls/#' --cafile ca.crt -C 1 -W 30 >got 2>sub.err &
sub=$!
wait_for 20 grep -q connected sub.err
printf 'm1\t0\t2026-01-31T12:00:00.000000Z\ttls/x\tq1\t\t\tsecret\n' >records
check "a message is published over TLS" mqtt-pub5 -h localhost -p "$MQTT_PORT" --cafile ca.crt <records
wait "$sub"
is "and taken" "$(cut -f8 got)" secret

fails "an authority that is not trusted" 69 subscribe --cafile stranger.crt
like "is named" "$(cat err)" "certificate: unable to get local issuer certificate"
fails "the system's trust store does not know it" 69 subscribe --tls
fails "mqtt-pub5 verifies, too" 69 mqtt-pub5 -h localhost -p "$MQTT_PORT" --cafile stranger.crt <records
fails "no TLS towards a TLS broker with --no-retry" 69 subscribe --no-retry

broker ca
fails "a self-signed certificate" 69 subscribe --cafile stranger.crt
like "is called so" "$(cat err)" 'certificate: self-signed certificate'
broker elsewhere
fails "a certificate for another host" 69 subscribe --cafile ca.crt
like "is told with the host" "$(cat err)" 'certificate does not name the host localhost'
broker expired
fails "an expired certificate" 69 subscribe --cafile ca.crt
like "is called so" "$(cat err)" 'certificate has expired'

# list NAME: what the authority ca has revoked.
list() { openssl ca -config ca.conf -gencrl -cert ca.crt -keyfile ca.key -out "$1" 2>>openssl.log; }
printf '%s\n' '[ca]' 'default_ca = own' '[own]' 'database = index' 'crlnumber = number' 'default_md = sha256' \
	'default_crl_days = 30' >ca.conf
echo 01 >number
true >index
list none.crl
broker server
cat ca.crt none.crl >with-list.pem
check "a revocation list without the broker's certificate" subscribe --cafile with-list.pem --crl-check
fails "no list where one is to be checked" 69 subscribe --cafile ca.crt --crl-check
like "is told" "$(cat err)" 'certificate: unable to get certificate CRL'
openssl ca -config ca.conf -revoke server.crt -cert ca.crt -keyfile ca.key 2>>openssl.log
list revoked.crl
cat ca.crt revoked.crl >with-list.pem
fails "a revoked certificate" 69 subscribe --cafile with-list.pem --crl-check
like "is called so" "$(cat err)" 'certificate: certificate revoked'
fails "mqtt-pub5 looks, too" 69 mqtt-pub5 -h localhost -p "$MQTT_PORT" --cafile with-list.pem --crl-check <records
cp ca.crt revoked.crl hashed && openssl rehash hashed 2>>openssl.log
fails "in a directory as well" 69 subscribe --capath hashed --crl-check
check "without the option the list does not count" subscribe --cafile with-list.pem

broker server "cafile $work/ca.crt" 'require_certificate true' 'use_identity_as_username true'
check "a client certificate" subscribe --cafile ca.crt --cert client.crt --key client.key
check "with an encrypted key" subscribe --cafile ca.crt --cert client.crt --key locked.key --key-password-file sesame
fails "an encrypted key without its password" 78 subscribe --cafile ca.crt --cert client.crt --key locked.key
fails "a key of another certificate" 78 subscribe --cafile ca.crt --cert client.crt --key server.key
fails "no client certificate where one is wanted" 69 subscribe --cafile ca.crt --no-retry
like "is hinted at" "$(cat err)" '[-]-cert'
fails "a file of authorities that is none" 78 subscribe --cafile sesame
fails "or is not there" 78 subscribe --cafile nowhere.crt
like "is named" "$(cat err)" "[-]-cafile 'nowhere.crt': No such file or directory"

# A peer that speaks TLS 1.2 only.
stop_broker
port=$(services_free_port)
openssl s_server -accept "$port" -cert server.crt -key server.key -tls1_2 -quiet >old.log 2>&1 </dev/null &
old=$!
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }
wait_for 20 listens
fails "TLS 1.2 is refused" 69 mqtt-sub5 -h localhost -p "$port" -t x -E --cafile ca.crt
like "with the reason" "$(cat err)" 'TLS: .*protocol version'
kill "$old" && wait "$old" 2>/dev/null
old=

broker server 'tls_version tlsv1.2' 'ciphers ECDHE-ECDSA-AES256-GCM-SHA384'
check "--tls-min 1.2 works with a broker of both" subscribe --cafile ca.crt --tls-min 1.2
fails "another version" 64 subscribe --cafile ca.crt --tls-min 1.1
check "an application protocol (ALPN) may be asked for" subscribe --cafile ca.crt --tls-alpn mqtt
finish
