#!/bin/bash
# make-certificates: what it makes verifies for what it is for and nothing else, it overwrites nothing, and what is
# revoked is refused.
. "${0%/*}/../lib/tap.sh"
one_day 30 # the lists name days
make() { "$root/pipelines/mosquitto/make-certificates" --dir pki "$@"; }

check "help" make --help
fails "an unknown option" 64 make --frobnicate
fails "an option without its value" 64 make --days
fails "days that are no number" 64 make --days soon init
fails "no command" 64 make
fails "no authorities yet" 66 make sensor s1
check "authorities" make --ca-days 100 init
fails "are not overwritten" 73 make init
check "the broker's certificate" make --days 20 server broker.example.com localhost 127.0.0.1 ::1
fails "is not overwritten" 73 make server localhost
fails "a host that is none" 64 make server 'a,DNS:b'
check "certificates of sensors" make sensor s1 s2
check "of a service" make service worker-1
fails "no name" 64 make sensor
for name in '' a/b '+' 'a b' '#' .. -x "$(printf 'x%.0s' {1..65})"; do fails "the name '${name:0:9}'" 64 make sensor "$name"; done
before=$(sha256sum pki/*/*.key)
fails "a name is used once" 73 make sensor s3 s1
fails "by either authority" 73 make sensor worker-1
fails "and not twice in one call" 64 make sensor s4 s5 s4
is "nothing is made then" "$(sha256sum pki/*/*.key)" "$before"
is "keys are the owner's" "$(find pki -name '*.key' ! -perm 600)" ""

verify() { openssl verify -x509_strict "$@"; }
of_sensors=(-CAfile pki/sensors/ca.crt) of_services=(-CAfile pki/services/ca.crt)
check "a sensor is a client" verify "${of_sensors[@]}" -purpose sslclient pki/sensors/s1.crt
fails "it is no server" 2 verify "${of_sensors[@]}" -purpose sslserver pki/sensors/s1.crt
fails "and no service" 2 verify "${of_services[@]}" pki/sensors/s1.crt
check "a service is a client" verify "${of_services[@]}" -purpose sslclient pki/services/worker-1.crt
for host in broker.example.com localhost; do
	check "the broker is $host" verify "${of_services[@]}" -purpose sslserver -verify_hostname $host pki/services/server.crt
done
for address in 127.0.0.1 ::1; do
	check "it is $address" verify "${of_services[@]}" -verify_ip $address pki/services/server.crt
done
fails "it is no other" 2 verify "${of_services[@]}" -verify_hostname example.com pki/services/server.crt
fails "and no client" 2 verify "${of_services[@]}" -purpose sslclient pki/services/server.crt
like "its key" "$(openssl pkey -in pki/services/server.key -noout -text)" 'NIST CURVE: P-256'
check "it is valid for its days" openssl x509 -in pki/services/server.crt -noout -checkend $((19 * 86400))
fails "and no longer" 1 openssl x509 -in pki/services/server.crt -noout -checkend $((21 * 86400))

listed=("${of_sensors[@]}" -crl_check -CRLfile pki/sensors/crl.pem)
check "nobody is revoked" verify "${listed[@]}" pki/sensors/s1.crt pki/sensors/s2.crt
fails "revoking what there is not" 66 make revoke sensor s2 s9
check "a sensor is revoked" make revoke sensor s1
fails "and on the list" 2 verify "${listed[@]}" pki/sensors/s1.crt
check "the other is not" verify "${listed[@]}" pki/sensors/s2.crt
check "the lists are made anew" make --crl-days 5 crl
fails "and still hold it" 2 verify "${listed[@]}" pki/sensors/s1.crt
like "for so many days" "$(openssl crl -in pki/sensors/crl.pem -noout -nextupdate)" "$(date -u -d '+5 days' '+%b %e')"
check "its files are moved away" mv pki/sensors/s1.crt pki/sensors/s1.key .
check "and its name is used again" make sensor s1
check "by one that is good" verify "${listed[@]}" pki/sensors/s1.crt
finish
