#!/bin/bash
# fw-serve behind a real broker, asked by mosquitto's own client: an image piece by piece, the manifest, and the access
# control of sensorpipe-firmware(7), which keeps devices apart.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
chain=()
cleanup() {
	[ ${#chain[@]} = 0 ] || kill -KILL "${chain[@]}" 2>/dev/null
	services_end
}
services_begin "$work/services"

# The rights are those of the manual page.
sed -n '/^# fw\.acl/,/^\.Ed/{ /^\.Ed/d; p; }' "$root/man/sensorpipe-firmware.7" >fw.acl
chmod 600 fw.acl
check "the manual has an access control list" grep -q '^pattern write fw/get/%u$' fw.acl
printf '%s\n' 'allow_anonymous true' "acl_file $work/fw.acl" >strict.conf
start_broker strict.conf || { flunk "services start"; finish; }

head -c 20001 /dev/urandom >image
fw-sign --quiet keygen key >/dev/null
mkdir -p dir/thermo
cp image dir/thermo/1.4.0.bin
fw-sign --quiet sign --key key --model thermo --hardware A --version 1.4.0 --sequence 17 --chunk 8192 image \
	>dir/thermo/1.4.0.manifest

mkfifo requests replies
mqtt-sub5 -p "$MQTT_PORT" -u fw-server -q 1 -t 'fw/get/+' >requests 2>sub.err &
chain+=($!)
fw-serve --key key.pub --reject rejects dir <requests >replies 2>serve.err &
chain+=($!)
server=$!
mqtt-pub5 -p "$MQTT_PORT" -u fw-server <replies 2>pub.err &
chain+=($!)
check "the server subscribes" wait_for 20 grep -q subscribed sub.err

# ask DEVICE CORRELATION OFFSET LENGTH [OPTION...]
ask() {
	local device=$1 id=$2 payload
	payload=$(printf '{"model":"thermo","version":"1.4.0","offset":%s,"length":%s}' "$3" "$4")
	shift 4
	mosquitto_rr -V 5 -p "$MQTT_PORT" -u "$device" -q 1 -t "fw/get/$device" -e "fw/rx/$device" -m "$payload" -W 20 \
		-D publish content-type application/json -D publish correlation-data "$id" \
		-D publish message-expiry-interval 60 "$@"
}

for offset in 0 8192 16384; do
	ask d1 "id-$offset" $offset $((offset == 16384 ? 3617 : 8192)) -N
done >got
check "a device gets the image, byte for byte" cmp got image
ask d1 abc 0 16 -F '%t|%P|%D|%p' >reply
like "a reply has all of its properties" "$(head -c 300 reply | tr -d '\0')" \
	'^fw/rx/d1\|.*crc32c:[0-9a-f]{8}.*\|abc\|'
like "a refusal comes as one" "$(ask d1 abc 20001 1 -F '%C %P %p')" \
	'^application/json .*error:bad-range.* \{"error":"bad-range","detail":".*"\}$'

# What a device must not do.
publish() { mosquitto_pub -V 5 -p "$MQTT_PORT" -q 1 "$@" 2>&1; }
like "a device cannot ask as another" "$(publish -u d2 -t fw/get/d1 -m '{}')" 'Not authorized'
like "nor reply as the server" "$(publish -u d2 -t fw/rx/d1 -m '{}')" 'Not authorized'
like "nor announce" "$(publish -u d2 -t fw/thermo/manifest -m '{}')" 'Not authorized'
publish -u d2 -t fw/get/d2 -m '{"model":"thermo","version":"1.4.0","offset":0,"length":1}' \
	-D publish content-type application/json -D publish response-topic fw/rx/d1 \
	-D publish correlation-data x -D publish message-expiry-interval 60
check "nor have a reply sent to another" wait_for 20 grep -q 'the response topic is not' rejects

# The announcement.
check "a manifest is announced" sh -c 'fw-sign publish --key key.pub dir/thermo/1.4.0.manifest |
	mqtt-pub5 -p '"$MQTT_PORT"' -u fw-release --quiet'
mosquitto_sub -V 5 -p "$MQTT_PORT" -u d1 -t fw/thermo/manifest -C 1 -W 20 -N >announced
check "and found by a device that comes later" cmp announced dir/thermo/1.4.0.manifest
check "which verifies it" fw-sign verify --key key.pub announced image

# The head of the chain stops, and the rest after it.
kill -TERM "${chain[0]}"
wait $server
is "the server ends with its input" "$?" 0
like "and its counts add up" "$(tail -n 1 serve.err)" \
	'records 6, rejected 1, answered 4 \(20017 bytes\), refused 1 \(busy 0\), expired 0, dropped 0'
wait "${chain[2]}"
is "so does the publisher" "$?" 0
chain=()
finish
