#!/bin/bash
# Compressed payloads are decoded as plain ones; what is damaged or too large is a dead letter.
. "${0%/*}/../lib/tap.sh"

at=2026-11-22T16:03:41.836186Z

# escaped: the bytes of standard input as the field of a record.
escaped() { od -An -v -tx1 | tr -d ' \n' | sed 's/../\\x&/g; s/\\x09/\\t/g; s/\\x0a/\\n/g; s/\\x0d/\\r/g; s/\\x5c/\\\\/g' |
	perl -pe 's/\\x([2-6][0-9a-f]|7[0-9a-e])/chr hex $1/ge'; }
# m1 CONTENT-TYPE PROPERTIES: a message record with the payload on standard input.
m1() {
	printf 'm1\t1\t%s\tsensors/t/s\tq1\t%s\t%s\t' "$at" "$1" "$2"
	escaped
	echo
}
# decode [OPTION...]: metrics of the readings, or code and detail.
decode() {
	sensor-decode --quiet "$@" 2>err | awk -F'\t' '/^r1/ { print $8 }'
	cut -f4,5 err
}

(
	printf 'm1\t11\t2026-11-22T16:03:41Z\tsensors/climate/attic\tq1\t'
	printf 'application/json\tcontent-encoding=deflate\t'
	printf 'x\\xda\\xabV*Q\\xb222\\xd03\\xab\\x05\\x00\\x0f!\\x02\\xb1\n'
) | sensor-decode --quiet >example
is "the manual's example" "$(cut -f2,5,6,8- example)" "$(printf '11\tclimate\tattic\tt=20.6')"

printf '{"temperature":24.50}' >plain
gzip -nk <plain >gz
zstd -q <plain >zst
is "gzip, by a user property" "$(m1 application/json content-encoding=gzip <gz | decode)" temperature=24.50
is "zstd, by a user property" "$(m1 application/json content-encoding=zstd <zst | decode)" temperature=24.50
is "gzip, by the content type" "$(m1 application/json+gzip '' <gz | decode)" temperature=24.50
is "zstd, by the content type" "$(m1 application/json+zstd '' <zst | decode)" temperature=24.50
is "by --default-type" "$(m1 '' '' <gz | decode --default-type '#=application/json+gzip')" temperature=24.50
is "a text" "$(printf 21.5 | gzip | m1 text/plain+gzip '' | decode --metric t)" t=21.5
is "SenML" "$(printf '[{"n":"a","v":1}]' | zstd -q | m1 application/senml+json content-encoding=zstd | decode)" a=1
is "points" "$(printf 'm a=1,b=2' | gzip | m1 text/x-influx-line-protocol content-encoding=gzip | decode)" a=1
is "two members" "$(cat gz <(printf ' ' | gzip) | m1 application/json+gzip '' | decode)" temperature=24.50
is "one that is cut" "$(head -c 20 gz | m1 application/json+gzip '' | decode)" \
	"$(printf 'bad-encoding\tline 1: gzip, offset 20: it ends too early')"
is "one that is not compressed" "$(m1 application/json content-encoding=zstd <plain | decode)" \
	"$(printf 'bad-encoding\tline 1: zstd, offset 0: no frame')"
is "several encodings" "$(gzip <gz | m1 application/json content-encoding=gzip,gzip | decode)" \
	"$(printf "bad-encoding\tline 1: the content encoding 'gzip,gzip' is none of gzip, deflate and zstd")"

# A million blanks in a kilobyte, around a value.
{ printf 7 && printf %1000000s ''; } >large
for tool in gzip zstd; do
	$tool <large | m1 text/plain content-encoding=$tool >message
	is "$tool: as large as --max-payload" "$(decode --metric v --max-payload 1000001 <message)" v=7
	is "$tool: one byte more" "$(decode --metric v --max-payload 1000000 <message)" \
		"$(printf 'too-large\tline 1: decompressed, the payload has more than 1000000 bytes')"
done
head -c 100000000 /dev/zero | gzip | m1 application/json+gzip '' >bomb
is "a bomb" "$(decode <bomb)" "$(printf 'too-large\tline 1: decompressed, the payload has more than 1048576 bytes')"

# mosquitto_sub writes payloads up to their first NUL, which compressed ones mostly have.
cat >cut.json <<'END'
{"tst":"2026-11-22T16:03:41.836186Z+0000","topic":"sensors/t/s","qos":1,"retain":0,"payloadlen":41,"properties":{"content-type":"application/json+gzip"},"payload":"\u001f\u008b\b"}
END
is "a dump that lost bytes" "$(decode <cut.json | cut -f1)" malformed
finish
