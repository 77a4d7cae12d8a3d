#!/bin/bash
# sensor-decode takes Protobuf messages of types that a FileDescriptorSet describes, and refuses what they are not.
. "${0%/*}/../lib/tap.sh"

at=2026-11-22T16:03:41.836186Z

# What libprotobuf-dev has, as far as it is used.
mkdir -p google/protobuf
cat >google/protobuf/timestamp.proto <<'END'
syntax = "proto3";
package google.protobuf;
message Timestamp { int64 seconds = 1; int32 nanos = 2; }
END
cat >plant.proto <<'END'
syntax = "proto3";
package plant;
import "google/protobuf/timestamp.proto";
enum Mode { MODE_OFF = 0; MODE_ON = 1; MODE_MANUAL = -2; }
message Status {
	google.protobuf.Timestamp time = 1;
	double d = 2; float f = 3; int32 i32 = 4; int64 i64 = 5; uint32 u32 = 6; uint64 u64 = 7; sint32 s32 = 8;
	sint64 s64 = 9; fixed32 f32 = 10; fixed64 f64 = 11; sfixed32 sf32 = 12; sfixed64 sf64 = 13; bool on = 14;
	string text = 15; bytes raw = 16; Mode mode = 17;
	message Battery { uint32 level = 1; Battery spare = 2; google.protobuf.Timestamp charged = 3; }
	Battery battery = 18;
	repeated int32 packed = 19;
	repeated int32 unpacked = 20 [packed = false];
	repeated Battery cells = 21;
	map<string, double> rooms = 22;
	map<int32, Mode> modes = 23;
	map<bool, Battery> by = 24;
	oneof choice { string a = 25; int32 b = 26; }
	optional int32 maybe = 27;
}
END
cat >legacy.proto <<'END'
syntax = "proto2";
message Legacy {
	required int64 ts = 1;
	optional double v = 2 [default = 7];
	optional string when = 3;
	optional double seconds = 4;
	optional bytes stamp = 5;
	repeated double packed = 6 [packed = true];
	optional group Part = 7 { optional int32 x = 8; }
}
END
check "protoc writes the definitions" protoc-c -o plant.set --include_imports plant.proto legacy.proto

# m1 TYPE PAYLOAD [PROPERTIES [MIME]]: a record; pb TYPE TEXT: with the payload that protoc makes of text.
m1() { printf 'm1\t1\t%s\tsensors/t/s\tq1\t%s\t%s\t%s\n' $at "${4-application/protobuf; proto=$1}" "${3-}" "$2"; }
pb() {
	m1 "$1" "$(protoc-c --encode="$1" plant.proto legacy.proto <<<"$2" 2>/dev/null | od -An -v -tx1 |
		tr -d '\n' | sed 's/ /\\x/g')" "${@:3}"
}
decode() { sensor-decode --quiet --descriptors plant.set --reject rejects "$@"; }
# metrics RECORD [OPTION...]: the time, where it is not that of arrival, and the metrics; or the code and the detail.
metrics() {
	rm -f rejects
	decode "${@:2}" <<<"$1" | awk -F'\t' -v at=$at '$1 == "r1" {
		if ($4 != at) printf "%s ", $4
		for (i = 8; i <= NF; i++) printf "%s%s", $i, i < NF ? " " : "\n" }'
	if [ -s rejects ]; then cut -f4,5 rejects | sed 's/\tline 1//'; fi
}

# ---- values ----

is "every scalar type" "$(metrics "$(pb plant.Status 'd: 0.1 f: 21.3 i32: -5 i64: -9223372036854775808 u32: 4294967295
	u64: 18446744073709551615 s32: -2147483648 s64: -9223372036854775808 f32: 4294967295
	f64: 18446744073709551615 sf32: -2147483648 sf64: -1 on: true text: "a\"é" raw: "\000\377\376" mode: MODE_MANUAL')")" \
	'd=0.1 f=21.3 i32=-5 i64=-9223372036854775808 u32=4294967295 u64=18446744073709551615 s32=-2147483648 s64=-9223372036854775808 f32=4294967295 f64=18446744073709551615 sf32=-2147483648 sf64=-1 on=true text="a\\"é" raw="AP_-" mode="MODE_MANUAL"'
is "messages in messages" "$(metrics "$(pb plant.Status 'battery { level: 90 spare { level: 80 charged { seconds: 1 nanos: 500000 } } }')")" \
	'battery.level=90 battery.spare.level=80 battery.spare.charged="1970-01-01T00:00:01.000500Z"'
is "maps by their keys" "$(metrics "$(pb plant.Status 'rooms { key: "attic" value: -2.5 } modes { key: -7 value: MODE_ON }
	by { key: true value { level: 1 } }')")" \
	'rooms.attic=-2.5 modes.-7="MODE_ON" by.true.level=1'
is "what a map does not send is 0" "$(metrics "$(m1 plant.Status '\xb2\x01\x03\n\x01k\xba\x01\x02\x08\x01')")" \
	'rooms.k=0 modes.1="MODE_OFF"'
elements='packed: [1, -2] unpacked: [3, 4] cells { level: 5 } cells { level: 6 }'
is "repeated fields by their places" "$(metrics "$(pb plant.Status "$elements")" --arrays index)" \
	'packed.0=1 packed.1=-2 unpacked.0=3 unpacked.1=4 cells.0.level=5 cells.1.level=6'
is "but only if wanted" "$(metrics "$(pb plant.Status "$elements")")" "unsupported-shape: 'packed' is repeated"
# field 20 packed, field 19 not, and twice
is "packed or not, as they are sent" "$(metrics "$(m1 plant.Status '\x98\x01\x01\x98\x01\x02\xa2\x01\x02\x03\x04\xa2\x01\x01\x05')" --arrays index)" \
	'packed.0=1 packed.1=2 unpacked.0=3 unpacked.1=4 unpacked.2=5'
is "a oneof" "$(metrics "$(pb plant.Status 'b: 0')")" b=0
is "what is not sent gives nothing" "$(metrics "$(pb plant.Status 'd: 0 i32: 1 maybe: 0')")" 'i32=1 maybe=0'
is "or 0, where it has no presence" "$(metrics "$(pb plant.Status 'battery { }')" --absent-fields zero)" \
	'battery.level=0 d=0 f=0 i32=0 i64=0 u32=0 u64=0 s32=0 s64=0 f32=0 f64=0 sf32=0 sf64=0 on=false text="" raw="" mode="MODE_OFF"'
is "not in proto2" "$(metrics "$(pb Legacy 'ts: 1 packed: 2')" --absent-fields zero --arrays index)" \
	'1970-01-01T00:00:00.001000Z packed.0=2'

# ---- times ----

is "a Timestamp is the time" "$(metrics "$(pb plant.Status 'time { seconds: -1 nanos: 999999999 } d: 1')")" \
	"1969-12-31T23:59:59.999999Z d=1"
is "a number is, in its unit" "$(metrics "$(pb Legacy 'ts: 2 v: 1')" --time-unit s)" "1970-01-01T00:00:02.000000Z v=1"
is "a string is" "$(metrics "$(pb Legacy 'ts: 2 when: "2026-01-02T03:04:05+01:00"')" --time-field when)" \
	"2026-01-02T02:04:05.000000Z ts=2"
is "a real is" "$(metrics "$(pb Legacy 'ts: 2 seconds: 1.25')" --time-field seconds --time-unit s)" \
	"1970-01-01T00:00:01.250000Z ts=2"
is "one inside is" "$(metrics "$(pb plant.Status 'battery { level: 1 charged { seconds: 5 } }')" --time-field battery.charged)" \
	"1970-01-01T00:00:05.000000Z battery.level=1"
is "bytes are none" "$(metrics "$(pb Legacy 'ts: 2 stamp: "x"')" --time-field stamp)" \
	"bad-time: 'stamp' is no time of the years 0001 to 9999"
is "nor is nonsense" "$(metrics "$(pb plant.Status 'time { seconds: 999999999999 } d: 1')")" \
	"bad-time: 'time' is no time of the years 0001 to 9999"

# ---- what is refused ----

refused() { is "$1" "$(metrics "${@:3}" | cut -d: -f1)" "$2"; }
refused "a field that the type does not have" unknown-field "$(m1 plant.Status '\xe8\x07\x01')"
refused "a number that is none of the enum" unknown-field "$(pb plant.Status 'mode: 99')"
is "both may be skipped" "$(metrics "$(m1 plant.Status '\xe8\x07\x01\x88\x01\x63 \x05')" --unknown-fields skip)" i32=5
refused "a field given twice" bad-protobuf "$(m1 plant.Status ' \x01 \x01')"
refused "two of a oneof" bad-protobuf "$(m1 plant.Status '\xca\x01\x01x\xd0\x01\x01')"
refused "a field that is missing" bad-protobuf "$(m1 Legacy '\x11\x00\x00\x00\x00\x00\x00\x00\x00')"
refused "a wrong type on the wire" bad-protobuf "$(m1 plant.Status '\x10\x01')"
refused "a string that is not UTF-8" bad-protobuf "$(m1 plant.Status 'z\x01\xff')"
refused "a string with a NUL" nul "$(m1 plant.Status 'z\x01\x00')"
refused "an int32 of more bits" bad-protobuf "$(m1 plant.Status ' \x80\x80\x80\x80\x10')"
refused "a bool that is 2" bad-protobuf "$(m1 plant.Status 'p\x02')"
refused "NaN" number-range "$(pb plant.Status 'd: nan')"
refused "a group" bad-protobuf "$(m1 Legacy '\x08\x01;@\x01<')"
refused "the field of a group" bad-protobuf "$(m1 Legacy '\x08\x01:\x02@\x01')"
refused "a message cut short" bad-protobuf "$(m1 plant.Status '\x11\x00')"
refused "a message without a value" no-metrics "$(m1 plant.Status '')"
refused "the same key twice" duplicate-name "$(m1 plant.Status '\xb2\x01\x03\n\x01k\xb2\x01\x03\n\x01k')"
refused "a key that no name can have" bad-name "$(pb plant.Status 'rooms { key: "a=b" value: 1 }')"
refused "a name over its limit" bad-name "$(pb plant.Status "rooms { key: \"$(printf %250s '' | tr ' ' x)\" value: 1 }")"
nested='level: 1'
for _ in {1..32}; do nested="spare { $nested }"; done
refused "messages in each other over 32 deep" too-deep "$(pb plant.Status "battery { $nested }")"
is "if not more is allowed" "$(metrics "$(pb plant.Status "battery { $nested }")" --max-depth 34 | grep -c 'spare.spare.level=1$')" 1
refused "more elements than a reading has metrics" too-many-metrics \
	"$(m1 plant.Status "\\x9a\\x01\\xe9\\x07$(printf '\\x01%.0s' {1..1001})")" --arrays index
refused "a type that is not described" unknown-message "$(m1 plant.Other ' \x01')"

# ---- how the type is named ----

for mime in 'application/x-protobuf; messageType="plant.Status"' 'application/protobuf;PROTO=.plant.Status'; do
	is "by $mime" "$(metrics "$(m1 '' ' \x05' '' "$mime")")" i32=5
done
is "by the user property" "$(metrics "$(m1 Legacy ' \x05' protobuf-message=plant.Status)")" i32=5
refused "not by two properties" duplicate-property "$(m1 Legacy ' \x05' 'protobuf-message=a&protobuf-message=a')"
refused "not twice in the content type" content-type "$(m1 '' ' \x05' '' 'application/protobuf;proto=a;messageType=b')"
is "by --default-type" "$(metrics "$(m1 '' ' \x05' '' '')" --default-type '#=application/protobuf;proto=plant.Status')" i32=5
is "SensorMessage stays what it is" "$(metrics "$(m1 sensorpipe.SensorMessage '"\x07\x12\x05\n\x01a \x01')")" a=true
is "without descriptors no type is known" \
	"$(sensor-decode --quiet --reject /dev/null <<<"$(m1 plant.Status ' \x05')" | cut -f4)" unknown-message

# ---- descriptors that are none ----

protoc-c -o lone.set plant.proto
: >empty.set
echo junk >junk.set
head -c 200 plant.set >torn.set
for set in lone empty junk torn; do
	fails "refused: $set.set" 78 sensor-decode --descriptors $set.set </dev/null
	like "is named" "$(cat err)" "descriptors '$set.set': "
	[ $set != lone ] || like "with the way out" "$(cat err)" "google.protobuf.Timestamp.*--include_imports"
done
fails "a file that is not there: status 66" 66 sensor-decode --descriptors none </dev/null
for wrong in '--unknown-fields maybe' '--absent-fields 1'; do
	fails "refused: $wrong" 64 sensor-decode $wrong </dev/null
done
finish
