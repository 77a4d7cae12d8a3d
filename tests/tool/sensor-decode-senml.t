#!/bin/bash
# The examples of RFC 8428 resolve to their names, times, values and units, in JSON and in CBOR.
. "${0%/*}/../lib/tap.sh"

at=2026-11-22T16:03:41.836186Z
dev=urn:dev:ow:10e2073a01080063

# decode CONTENT-TYPE PAYLOAD: sensor, time and metrics of each reading, or code and detail; the payload is given escaped.
decode() {
	printf 'm1\t1\t%s\tsensors/power/gw\tq1\t%s\t\t%s\n' "$at" "$1" "$2" |
		sensor-decode --quiet 2>err | awk -F'\t' '/^r1/ { $1 = $2 = $3 = $5 = $7 = ""; print }' | tr -s ' ' | sed 's/^ //'
	cut -f4,5 err
}
senml() { decode application/senml+json "$1"; }

# ---- packs and what they resolve to, in the order of the RFC ----

is "single datapoint" "$(senml '[{"n":"'$dev'","u":"Cel","v":23.1}]')" \
	"$at gw $dev=23.1;1;Cel"
is "multiple datapoints" \
	"$(senml '[{"bn":"'$dev':","n":"voltage","u":"V","v":120.1},{"n":"current","u":"A","v":1.2}]')" \
	"$at $dev voltage=120.1;1;V current=1.2;1;A"
seconds='[{"bn":"urn:dev:ow:10e2073a0108006:","bt":1.276020076001e+09,"bu":"A","bver":5,"n":"voltage","u":"V","v":120.1},
	{"n":"current","t":-5,"v":1.2},{"n":"current","t":-4,"v":1.3},{"n":"current","t":-3,"v":1.4},
	{"n":"current","t":-2,"v":1.5},{"n":"current","t":-1,"v":1.6},{"n":"current","v":1.7}]'
resolved='2010-06-08T18:01:16.001000Z urn:dev:ow:10e2073a0108006 voltage=120.1;1;V
2010-06-08T18:01:11.001000Z urn:dev:ow:10e2073a0108006 current=1.2;1;A
2010-06-08T18:01:12.001000Z urn:dev:ow:10e2073a0108006 current=1.3;1;A
2010-06-08T18:01:13.001000Z urn:dev:ow:10e2073a0108006 current=1.4;1;A
2010-06-08T18:01:14.001000Z urn:dev:ow:10e2073a0108006 current=1.5;1;A
2010-06-08T18:01:15.001000Z urn:dev:ow:10e2073a0108006 current=1.6;1;A
2010-06-08T18:01:16.001000Z urn:dev:ow:10e2073a0108006 current=1.7;1;A'
is "with base time, unit and version" "$(senml "$(tr -d '\n\t' <<<"$seconds")")" "$resolved"
stream='[{"bn":"'$dev'","bt":1.320067464e+09,"bu":"%RH","v":21.2},{"t":10,"v":21.3},{"t":20,"v":21.4},{"t":91,"v":21.5},'
is "a stream, as far as it has come" "$(decode application/sensml+json "$stream")" "2011-10-31T13:24:24.000000Z $dev value=21.2;1;%RH
2011-10-31T13:24:34.000000Z $dev value=21.3;1;%RH
2011-10-31T13:24:44.000000Z $dev value=21.4;1;%RH
2011-10-31T13:25:55.000000Z $dev value=21.5;1;%RH"
moving='[{"bn":"'$dev'","bt":1.320067464e+09,"bu":"%RH","v":20.0},{"u":"lon","v":24.30621},{"u":"lat","v":60.07965},
	{"t":60,"v":20.3},{"u":"lon","t":60,"v":24.30622},{"u":"lat","t":60,"v":60.07965},
	{"t":120,"v":20.7},{"u":"lon","t":120,"v":24.30623},{"u":"lat","t":120,"v":60.07966},{"u":"%EL","t":150,"v":98},
	{"t":180,"v":21.2},{"u":"lon","t":180,"v":24.30628},{"u":"lat","t":180,"v":60.07967}]'
is "multiple measurements, of a moving sensor" "$(senml "$(tr -d '\n\t' <<<"$moving")")" \
	"2011-10-31T13:24:24.000000Z $dev value=20.0;1;%RH value.lon=24.30621;1;lon value.lat=60.07965;1;lat
2011-10-31T13:25:24.000000Z $dev value=20.3;1;%RH value.lon=24.30622;1;lon value.lat=60.07965;1;lat
2011-10-31T13:26:24.000000Z $dev value=20.7;1;%RH value.lon=24.30623;1;lon value.lat=60.07966;1;lat
2011-10-31T13:26:54.000000Z $dev value.%EL=98;1;%EL
2011-10-31T13:27:24.000000Z $dev value=21.2;1;%RH value.lon=24.30628;1;lon value.lat=60.07967;1;lat"
moving_resolved='[{"n":"'$dev'","u":"%RH","t":1.320067464e+09,"v":20.0},{"n":"'$dev'","u":"lon","t":1.320067464e+09,"v":24.30621},
	{"n":"'$dev'","u":"lat","t":1.320067464e+09,"v":60.07965},{"n":"'$dev'","u":"%EL","t":1.320067614e+09,"v":98}]'
is "the same in resolved form" "$(senml "$(tr -d '\n\t' <<<"$moving_resolved")")" \
	"2011-10-31T13:24:24.000000Z gw $dev=20.0;1;%RH $dev.lon=24.30621;1;lon $dev.lat=60.07965;1;lat
2011-10-31T13:26:54.000000Z gw $dev.%EL=98;1;%EL"
is "multiple data types" \
	"$(senml '[{"bn":"'$dev':","n":"temp","u":"Cel","v":23.1},{"n":"label","vs":"Machine Room"},{"n":"open","vb":false},{"n":"nfv-reader","vd":"aGkgCg"}]')" \
	"$at $dev temp=23.1;1;Cel label=\"Machine Room\" open=false nfv-reader=\"aGkgCg\""
is "a collection of resources" \
	"$(senml '[{"bn":"2001:db8::2/","bt":1.320078429e+09,"n":"temperature","u":"Cel","v":25.2},{"n":"humidity","u":"%RH","v":30},{"bn":"2001:db8::1/","n":"temperature","u":"Cel","v":12.3},{"n":"humidity","u":"%RH","v":67}]')" \
	"2011-10-31T16:27:09.000000Z 2001:db8::2 temperature=25.2;1;Cel humidity=30;1;%RH
2011-10-31T16:27:09.000000Z 2001:db8::1 temperature=12.3;1;Cel humidity=67;1;%RH"
is "a field that is not known" \
	"$(senml '[{"bn":"'$dev':","bt":1.320078429e+09,"l":"[{\\"href\\":\\"humidity\\"}]","n":"temperature","u":"Cel","v":27.2},{"n":"humidity","u":"%RH","v":80}]')" \
	"2011-10-31T16:27:09.000000Z $dev temperature=27.2;1;Cel humidity=80;1;%RH"
is "an actuator" \
	"$(senml '[{"bn":"'$dev':"},{"n":"temp","u":"Cel","v":23.1},{"n":"heat","u":"/","v":1},{"n":"fan","u":"/","v":0}]')" \
	"$at $dev temp=23.1;1;Cel heat=1;1;/ fan=0;1;/"
is "times of its own for a name" \
	"$(senml '[{"n":"'$dev'","u":"Cel","t":1.276020076e+09,"v":23.5},{"n":"'$dev'","u":"Cel","t":1.276020091e+09,"v":23.6}]')" \
	"2010-06-08T18:01:16.000000Z gw $dev=23.5;1;Cel
2010-06-08T18:01:31.000000Z gw $dev=23.6;1;Cel"
is "times of its own for a base name" \
	"$(senml '[{"bn":"'$dev'","u":"Cel","t":1.276020076e+09,"v":23.5},{"u":"Cel","t":1.276020091e+09,"v":23.6}]')" \
	"2010-06-08T18:01:16.000000Z $dev value=23.5;1;Cel
2010-06-08T18:01:31.000000Z $dev value=23.6;1;Cel"
is "two lights" \
	"$(senml '[{"bt":1.320078429e+09,"bu":"/","n":"2001:db8::3","v":0.5},{"n":"2001:db8::4","v":0.5},{"n":"2001:db8::3","t":0.1,"v":0},{"n":"2001:db8::4","t":0.1,"v":0}]')" \
	"2011-10-31T16:27:09.000000Z gw 2001:db8::3=0.5;1;/ 2001:db8::4=0.5;1;/
2011-10-31T16:27:09.100000Z gw 2001:db8::3=0;1;/ 2001:db8::4=0;1;/"
cbor='\x87\xa7!x\x1burn:dev:ow:10e2073a0108006:"\xfbA\xd3\x03\xa1[\x00\x10b#aA \x05\x00gvoltage\x01aV\x02\xfb@^\x06fffff'
cbor+='\xa3\x00gcurrent\x06$\x02\xfb?\xf3333333\xa3\x00gcurrent\x06#\x02\xfb?\xf4\xcc\xcc\xcc\xcc\xcc\xcd'
cbor+='\xa3\x00gcurrent\x06"\x02\xfb?\xf6ffffff\xa3\x00gcurrent\x06!\x02\xf9>\x00'
cbor+='\xa3\x00gcurrent\x06 \x02\xfb?\xf9\x99\x99\x99\x99\x99\x9a\xa3\x00gcurrent\x06\x00\x02\xfb?\xfb333333'
is "the example in CBOR is that in JSON" "$(decode application/senml+cbor "$cbor")" "$resolved"

# ---- around a pack ----

is "a user property overrules the base name" "$(
	printf 'm1\t1\t%s\tsensors/power/gw\tq1\tapplication/senml+json\tsensor=s&type=t\t%s\n' "$at" '[{"bn":"d:","n":"a","v":1}]' |
		sensor-decode --quiet | cut -f5,6,8
)" "$(printf 't\ts\ta=1')"
is "--metric names what has no name" "$(
	printf 'm1\t1\t%s\tsensors/power/gw\tq1\tapplication/senml+json\t\t%s\n' "$at" '[{"bn":"d","v":1}]' |
		sensor-decode --quiet --metric level | cut -f6,8
)" "$(printf 'd\tlevel=1')"
is "base values are added as decimals" "$(senml '[{"bn":"d:","bv":23.5,"n":"a","v":0.1},{"n":"b","v":1.25}]')" \
	"$at d a=23.6 b=24.75"
is "all or nothing" "$(senml '[{"n":"a","v":1},{"n":"b","v":2,"x_":0}]')" \
	"$(printf "unknown-field\tline 1: record 2: the field 'x_' is not known and must not be ignored")"
(
	printf 'm1\t9\t2026-11-22T16:03:41Z\tsensors/power/gateway\tq1\t'
	printf 'application/senml+json\t\t'
	printf '[{"bn":"urn:dev:ow:10e2073a01080063:",'
	printf '"n":"voltage","u":"V","v":120.1},{"n":"current","u":"A","v":1.2}]\n'
) | sensor-decode --quiet >example
is "the manual's example" "$(cut -f2,5,6,8- example)" \
	"$(printf '9\tpower\t%s\tvoltage=120.1;1;V\tcurrent=1.2;1;A' $dev)"

# ---- CBOR that is no SenML ----

is "a map is taken as an object is" \
	"$(decode application/cbor '\xa3dtemp\xc4\x82!\x19j\xb3gbattery\xa1elevel\x18ZdopenA\xff')" \
	"$at gw temp=273.15 battery.level=90 open=\"_w\""
is "its time in seconds by the tag" "$(decode application/cbor '\xa2dtime\xc1\x1aQKg\xb0aa\x01')" \
	"2013-03-21T20:04:00.000000Z gw a=1"
is "what is not CBOR is a dead letter" "$(decode application/cbor '\xbf\xff\x00')" \
	"$(printf 'bad-cbor\tline 1: offset 2: something follows the item')"
finish
