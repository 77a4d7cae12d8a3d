#!/bin/bash
# What a broker refuses: credentials, subscriptions, publications; each with its reason in words.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
cleanup() { services_end; }
services_begin "$work/services"
mosquitto_passwd -b -c users anna sesame 2>/dev/null && chmod 600 users
printf '%s\n' 'user anna' 'topic readwrite open/#' 'topic read secret/#' >rights
printf '%s\n' 'allow_anonymous false' "password_file $work/users" "acl_file $work/rights" 'max_packet_size 20000' >strict.conf
chmod 600 rights
start_broker strict.conf || { flunk "services start"; finish; }
printf 'sesame\n' >right && printf 'sesam' >wrong && chmod 600 right wrong

subscribe() {
	mqtt-sub5 -p "$MQTT_PORT" -u anna --password-file right "$@"
}
publish() {
	mqtt-pub5 -p "$MQTT_PORT" -u anna --password-file right --reject letters "$@"
}

printf 'm1\t0\t2026-01-31T12:00:00.000000Z\topen/1\tq1\t\t\tx\n' >records

check "the right password" subscribe -t 'open/#' -E
fails "a wrong password" 77 mqtt-sub5 -p "$MQTT_PORT" -u anna --password-file wrong -t 'open/#' -E
like "the reason in words" "$(cat err)" "refuses the connection of client '.*': not authorized \(0x87\)"
fails "no password" 77 mqtt-sub5 -p "$MQTT_PORT" -t 'open/#' -E
fails "mqtt-pub5 with a wrong password" 77 mqtt-pub5 -p "$MQTT_PORT" -u anna --password-file wrong <records
fails "a file that is not there" 66 mqtt-sub5 -p "$MQTT_PORT" -u anna --password-file none -t x -E
is "the password is in no message" "$(grep sesam out err)" ""

# Refused publications become dead letters; the others are published.
for topic in open/1 secret/1 open/2 secret/2; do
	printf 'm1\t0\t2026-01-31T12:00:00.000000Z\t%s\tq1\t\t\tx\n' "$topic"
done >records
check "refused publications are no failure" publish <records
is "they are dead letters, whole" "$(cut -f3,4,6- letters)" \
	"$(sed -n 's/^/mqtt-pub5\trefused\t/; /secret/p' records)"
like "with line and reason" "$(cut -f5 letters | head -n 1)" '^line 2: not authorized \(0x87\)$'
like "the counts add up" "$(cat err)" 'read 4 records, published 2, refused 2, rejected 0, unacknowledged 0'
like "and are told by reason" "$(cat err)" 'the broker refused 2 messages: not authorized \(0x87\)'
rm letters
printf 'm1\t0\t2026-01-31T12:00:00.000000Z\topen/none\tq2\t\t\tx\n' >records
check "no subscriber is no refusal" publish <records

# A message larger than the broker takes would end the connection: it is kept back.
{
	printf 'm1\t0\t2026-01-31T12:00:00.000000Z\topen/big\tq1\t\t\t'
	head -c 30000 /dev/zero | tr '\0' x
	printf '\nm1\t0\t2026-01-31T12:00:00.000000Z\topen/small\tq1\t\t\tx\n'
} >records
check "a message beyond Maximum Packet Size" publish <records
like "is a dead letter" "$(cut -f4,5 letters)" 'unpublishable.line 1: .*Maximum Packet Size'
like "the next is published" "$(cat err)" 'read 2 records, published 1, refused 0, rejected 1'

# Subscriptions are refused by the broker's dynamic security plugin.
plugin=$(find /usr/lib -name mosquitto_dynamic_security.so 2>/dev/null | head -n 1)
if [ -n "$plugin" ]; then
	cat >security.json <<'END'
{"defaultACLAccess": {"publishClientSend": true, "publishClientReceive": true, "subscribe": false, "unsubscribe": true},
 "anonymousGroup": "anybody",
 "groups": [{"groupname": "anybody", "roles": [{"rolename": "reader"}]}],
 "roles": [{"rolename": "reader", "acls": [{"acltype": "subscribePattern", "topic": "open/#", "priority": 0, "allow": true}]}]}
END
	chmod 600 security.json
	printf '%s\n' 'allow_anonymous true' "plugin $plugin" "plugin_opt_config_file $work/security.json" >plugin.conf
	stop_broker
	start_broker plugin.conf || flunk "the broker starts"
	check "a subscription that is granted" mqtt-sub5 -p "$MQTT_PORT" -t 'open/#' -E
	fails "a subscription that is refused" 77 mqtt-sub5 -p "$MQTT_PORT" -t 'hidden/#' -E
	like "is told with filter and reason" "$(cat err)" "refuses the subscription to 'hidden/#': not authorized \(0x87\)"
	fails "one of several" 77 mqtt-sub5 -p "$MQTT_PORT" -t 'open/#' -t 'hidden/#' -E
	like "is told apart" "$(cat err)" "subscription to 'hidden/#'"
else
	skip "subscriptions that are refused" "mosquitto has no dynamic security plugin here"
fi

fails "a broker that is none" 69 mqtt-sub5 -L mqtts://localhost:"$MQTT_PORT"/x --no-retry
finish
