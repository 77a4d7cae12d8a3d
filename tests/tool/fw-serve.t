#!/bin/bash
# Requests in, pieces and refusals out: every image byte for byte, every refusal by its code, and nothing from elsewhere.
. "${0%/*}/../lib/tap.sh"

fw-sign --quiet keygen key >/dev/null
fw-sign --quiet keygen other >/dev/null

# put MODEL VERSION SEQUENCE FILE [KEY]: an image and its manifest into the folder.
put() {
	mkdir -p "dir/$1"
	cp "$4" "dir/$1/$2.bin"
	fw-sign --quiet sign --key "${5:-key}" --model "$1" --hardware A --version "$2" --sequence "$3" \
		--chunk 4096 "$4" >"dir/$1/$2.manifest"
}

# ask DEVICE ID MODEL VERSION OFFSET LENGTH [PROPERTIES]: a request record.
now=$(date -u +%Y-%m-%dT%H:%M:%S.%6NZ)
ask() {
	local more=${7:-"mqtt.response-topic=fw%2Frx%2F$1&mqtt.message-expiry-interval=60"}
	printf 'm1\t0\t%s\tfw/get/%s\tq1\tapplication/json\tmqtt.correlation-data=%s&%s\t{"model":"%s","version":"%s","offset":%s,"length":%s}\n' \
		"${received:-$now}" "$1" "$2" "$more" "$3" "$4" "$5" "$6"
}

# said: of each reply its device, correlation data, and its error if it is one.
said() {
	perl -F'\t' -lane 'my ($id) = $F[6] =~ /mqtt\.correlation-data=([^&]*)/; my ($error) = $F[6] =~ /&error=([^&]*)/;
		print join " ", $F[3] =~ s{fw/rx/}{}r, $id, $error // "piece"'
}

# payloads: of all replies, one after the other.
payloads() {
	perl -F'\t' -ane 'my $p = $F[7]; chomp $p; my %of = ("\\" => "\\", t => "\t", n => "\n", r => "\r");
		$p =~ s/\\(\\|t|n|r|x(..))/defined $2 ? chr hex $2 : $of{$1}/ge; print $p'
}

serve() { fw-serve --quiet --reject "$work/rejects" "$@" dir; }

head -c 20001 /dev/urandom >image
put thermo 1.4.0 17 image

# ---- pieces ----

for offset in 0 4096 8192 12288 16384; do
	ask d1 "p$offset" thermo 1.4.0 $offset $((offset == 16384 ? 3617 : 4096))
done >requests
check "requests are answered" sh -c 'fw-serve dir <requests >replies'
like "and counted" "$(cat err)" \
	'records 5, rejected 0, answered 5 \(20001 bytes\), refused 0 \(busy 0\), expired 0, dropped 0'
is "to who asked" "$(said <replies | tr '\n' ,)" "d1 p0 piece,d1 p4096 piece,d1 p8192 piece,d1 p12288 piece,d1 p16384 piece,"
payloads <replies >got
check "with the bytes of the image" cmp got image
like "and what they are" "$(head -n 1 replies | cut -f4-7)" \
	'^fw/rx/d1	q1	application/octet-stream	mqtt.correlation-data=p0&mqtt.message-expiry-interval=[0-9]+&version=1.4.0&offset=0&crc32c=[0-9a-f]{8}$'
is "a single byte" "$(ask d1 x thermo 1.4.0 20000 1 | serve | payloads | od -An -tx1)" "$(tail -c 1 image | od -An -tx1)"
printf '{"tst":"%s","topic":"fw/get/d1","qos":1,"retain":0,"payloadlen":62,"properties":{"content-type":"application/json","response-topic":"fw/rx/d1","correlation-data":"j","message-expiry-interval":60},"payload":{"model":"thermo","version":"1.4.0","offset":0,"length":9}}\n' \
	"$(date -u +%Y-%m-%dT%H:%M:%S.%6NZ+0000)" >json
is "requests of mosquitto_sub" "$(serve <json | said)" "d1 j piece"

# ---- refusals ----

{
	ask d1 a thermos 1.4.0 0 1
	ask d1 b thermo 1.4.1 0 1
	ask d1 c thermo 1.4.0 0 4097
	ask d1 d thermo 1.4.0 0 0
	ask d1 e thermo 1.4.0 20000 2
	ask d1 f thermo 1.4.0 20001 1
	ask d1 g thermo 1.4.0 999999999999999999 1
	ask d1 h thermo ../thermo/1.4.0 0 1
	ask d1 i .. passwd 0 1
	ask d1 j thermo 1.4.0 -1 1
	ask d1 k thermo 1.4.0 0 '1,"more":1'
	ask d1 l thermo 1.4.0 0 1 | sed 's|application/json|text/plain|'
	ask d1 m thermo 1.4.0 0 1
} | serve | said >refusals
is "every refusal by its code" "$(tr '\n' , <refusals)" "d1 a unknown-model,d1 b unknown-version,d1 c bad-range,\
d1 d bad-range,d1 e bad-range,d1 f bad-range,d1 g bad-range,d1 h bad-request,d1 i bad-request,d1 j bad-request,\
d1 k bad-request,d1 l bad-request,d1 m piece,"
is "none of them is a dead letter" "$(cat rejects)" ""
is "a refusal tells people, too" "$(ask d1 a thermos 1.4.0 0 1 | serve | cut -f8)" \
	'{"error":"unknown-model","detail":"no such model"}'

# ---- what is not answered ----

{
	ask d1 a thermo 1.4.0 0 1 'mqtt.response-topic=fw%2Frx%2Fd2&mqtt.message-expiry-interval=60'
	ask d1 a thermo 1.4.0 0 1 'mqtt.response-topic=other&mqtt.message-expiry-interval=60'
	ask d1 a thermo 1.4.0 0 1 'mqtt.message-expiry-interval=60'
	ask d1 a thermo 1.4.0 0 1 'mqtt.response-topic=fw%2Frx%2Fd1'
	ask d1 '' thermo 1.4.0 0 1
	ask d1 "$(printf 'x%.0s' {1..65})" thermo 1.4.0 0 1
	ask d1/d2 a thermo 1.4.0 0 1
	ask "$(printf 'x%.0s' {1..65})" a thermo 1.4.0 0 1
	ask d1 a thermo 1.4.0 0 1 | sed 's/\tq1\t/\tq1r\t/'
	printf 'm1\t0\t%s\tsensors/climate/s-1\tq1\tapplication/json\t\t{}\n' "$now"
} >strays
is "what is no request gets no reply" "$(serve <strays)" ""
is "but is a dead letter" "$(cut -f4 rejects | sort | uniq -c | tr -s ' ')" " 10 not-a-request"
cut -f6- rejects >originals
check "that can be fed in again" cmp originals strays
rm rejects

received=$(date -u -d '70 seconds ago' +%Y-%m-%dT%H:%M:%S.%6NZ)
ask d1 old thermo 1.4.0 0 1 >late
unset received
is "a request that nobody waits for is not answered" "$(fw-serve dir <late 2>err)" ""
like "and counted" "$(cat err)" 'records 1, .* expired 1,'

{ echo nonsense; ask d1 a thermo 1.4.0 0 1; printf 'm1\t0\tnow\tx\n'; printf 'm1\t0'; } >broken
fw-serve --reject rejects --quiet dir <broken >replies
is "a record cut off is told by the status" "$?" 65
is "a broken record does not stop the others" "$(said <replies)" "d1 a piece"
is "and is a dead letter" "$(cut -f4 rejects | tr '\n' ' ')" "not-a-record malformed truncated "
fails "--strict tells of dead letters" 65 sh -c 'fw-serve --strict --quiet dir <strays'
rm rejects

# ---- limits ----

for i in $(seq 10); do ask d1 "$i" thermo 1.4.0 0 1; done >many
ask d2 other thermo 1.4.0 0 1 >>many
ask d1 alien thermo 1.4.0 0 1 'mqtt.response-topic=x&mqtt.message-expiry-interval=60' >>many
fw-serve --rate 0.1 dir <many >replies 2>err
is "a device over its rate is told busy, another is served" "$(said <replies | cut -d' ' -f1,3 | sort | uniq -c | tr -s ' ' | tr '\n' ,)" \
	" 9 d1 busy, 1 d1 piece, 1 d2 piece,"
like "and writes no dead letters" "$(cat err)" 'rejected 0, answered 2 .* refused 9 \(busy 9\), expired 0, dropped 1$'
for i in $(seq 10); do ask "d$i" "$i" thermo 1.4.0 0 4096; done >wide
is "all together have a bound" "$(serve --bandwidth 4K <wide | said | cut -d' ' -f3 | sort | uniq -c | tr -s ' ' | tr '\n' ,)" \
	" 2 busy, 8 piece,"
put thermo 1.5.0 18 image
rm dir/thermo/1.5.0.bin
for i in $(seq 20); do ask d1 "$i" thermo 1.5.0 0 4096; done >absent
ask d2 x thermo 1.4.0 0 4096 >>absent
is "which is not used up by what is not there" "$(serve --bandwidth 4K <absent 2>err | said | tail -n 1)" "d2 x piece"
rm dir/thermo/1.5.0.manifest

# ---- the folder ----

put level 2 1 image
put level 3 2 image other
cp dir/level/2.manifest dir/level/2b.manifest
cp dir/thermo/1.4.0.manifest dir/level/1.4.0.manifest
mkdir dir/get
echo no >dir/level/4.manifest
ln -s ../level dir/linked
ln -s 2.manifest dir/level/5.manifest
echo secret >outside
put thermo 9 9 outside
rm dir/thermo/9.bin
ln -s ../../outside dir/thermo/9.bin
mkfifo dir/thermo/8.manifest
{
	ask d1 a level 2 0 1
	ask d1 b level 2b 0 1
	ask d1 c level 1.4.0 0 1
	ask d1 d level 4 0 1
	ask d1 e linked 2 0 1
	ask d1 f level 5 0 1
	ask d1 g thermo 9 0 7
	ask d1 h level 3 0 1
} >tour
is "only manifests in their own place count, and links lead nowhere" "$(serve <tour 2>err | said | cut -d' ' -f2- | tr '\n' ,)" \
	"a piece,b unknown-version,c unknown-version,d unknown-version,e unknown-model,f unknown-version,g unknown-version,h piece,"
is "each of the others is warned of" "$(grep -c "is not served: " err)" 5
is "with --key only what it signed" "$(serve --key key.pub <tour 2>err | said | tail -n 1)" "d1 h unknown-version"
like "which is warned of" "$(cat err)" "'level/3.manifest' is not served: signed by a key that is not known"

# A server that keeps running, while its folder changes.
mkfifo requests.fifo
fw-serve --metrics metrics dir <requests.fifo >running 2>log &
server=$!
exec 3>requests.fifo
answers() { [ "$(wc -l <running)" = "$1" ]; }
answered() { wait_for 20 answers "$1" && said <running | tail -n 1; }
ask d1 1 level 2 0 1 >&3
is "an image" "$(answered 1)" "d1 1 piece"
printf x | dd of=dir/level/2.bin conv=notrunc bs=1 seek=20000 status=none
ask d1 2 level 2 0 1 >&3
is "changed underneath is refused" "$(answered 2)" "d1 2 unknown-version"
check "and warned of" grep -q "'level/2.bin' is not the image of its manifest" log
put level 7 7 image
ask d1 3 level 7 0 1 >&3
is "a new version waits for SIGHUP" "$(answered 3)" "d1 3 unknown-version"
cp image dir/level/2.bin
kill -HUP $server
wait_for 20 grep -q 'versions 5' log
ask d1 4 level 7 0 1 >&3
is "then it is there" "$(answered 4)" "d1 4 piece"
ask d1 5 level 2 0 1 >&3
is "and what was mended, too" "$(answered 5)" "d1 5 piece"
mv dir gone
kill -HUP $server
check "a folder that is gone is warned of" wait_for 20 grep -q "what was read before is still served" log
ask d1 6 level 7 0 1 >&3
is "and what was read is served on" "$(answered 6)" "d1 6 piece"
mv gone dir
exec 3>&-
wait $server
is "the end of the input ends it" "$?" 0
like "with its counts" "$(tail -n 1 log)" 'records 6, rejected 0, answered 4 \(4 bytes\), refused 2 '
like "which are metrics, too" "$(cat metrics)" 'sensorpipe_firmware_refused_total\{.*code="unknown-version".*\} 2'

# ---- options ----

fails "no folder" 64 fw-serve
fails "a folder that is not there" 66 fw-serve nowhere
fails "a file" 66 fw-serve image
fails "a key that is none" 66 fw-serve --key image dir
fails "a rate of 0" 64 fw-serve --rate 0 dir
fails "a bandwidth below a chunk" 64 fw-serve --bandwidth 1K dir
finish
