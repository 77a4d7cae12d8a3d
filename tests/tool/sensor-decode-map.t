#!/bin/bash
# Maps: the examples of the manual, and the maps that are installed with payloads as devices send them.
. "${0%/*}/../lib/tap.sh"

at=2026-11-22T16:03:41.836186Z
maps=$root/pipelines/maps

# mapped MAP TOPIC PAYLOAD [CONTENT-TYPE [PROPERTIES]]: the records of one message without seq and time
# of arrival, or the code and detail of its dead letter.
mapped() {
	printf 'm1\t7\t%s\t%s\tq1\t%s\t%s\t%s\n' $at "$2" "${4-}" "${5-}" "$3" >message
	sensor-decode --quiet --map "$1" --reject dead <message | cut -f1,2,4- | sed "s/$at/now/"
	if [ -s dead ]; then cut -f4,5 dead; fi
	rm -f dead
}
# reading TIME TYPE SENSOR METRIC...: what mapped() prints of one reading.
reading() {
	local IFS=$'\t' time=$1 type=$2 sensor=$3
	shift 3
	printf 'r1\t7\t%s\t%s\t%s\t\t%s\n' "$time" "$type" "$sensor" "$*"
}

# ---- the manual ----

# manual N: its N-th map.
manual() {
	awk -v n="$1" '/^\.Bd/ { take = 1; next } /^\.Ed/ { take = 0; if (text ~ /"rules"/ && ++i == n) printf "%s", text
		text = "" } take { text = text $0 "\n" }' "$root/man/sensorpipe-map.5"
}
manual 1 >pump.json
printf 'm1\t0\t2026-11-22T16:03:41Z\tplant/p7/up\tq0\t\t\t%s\n' \
	'{"at":{"unix":1795363421.5},"values":[2.50],"state":"ON"}' |
	sensor-decode --quiet --map pump.json >one
is "the manual's example" "$(cut -f4- one)" \
	"$(printf '2026-11-22T16:03:41.500000Z\tpump\tp7\t\tpressure=2.50;1;bar\trunning=true')"
is "a word that says there is no value" "$(mapped pump.json plant/p7/up '{"values":[1],"state":"unknown"}')" \
	"$(reading now pump p7 'pressure=1;1;bar')"
like "a word that is not known" "$(mapped pump.json plant/p7/up '{"values":[1],"state":"on"}')" \
	"unknown-word.*'/state' is 'on', which is none of its words"
like "a value that is required" "$(mapped pump.json plant/p7/up '{"values":[]}')" \
	"missing-value.*there is no value at '/values/0'"
manual 2 >gateway.json
is "a gateway with several sensors" \
	"$(mapped gateway.json gateway/g '{"nodes":[{"id":"a","temp":21.5},{"id":"b","hum":40}],"time":"2026-11-22T17:00:00+01:00"}' application/json)" \
	"$(reading 2026-11-22T16:00:00.000000Z climate a 'temperature=21.5;1;Cel' | sed 's/7/7+/'
	reading 2026-11-22T16:00:00.000000Z climate b 'humidity=40;1;%RH')"
sed 's/"unit": "s"/"unit": "m"/' pump.json >bad.json
fails "a map with a fault ends it with status 78" 78 sensor-decode --map bad.json </dev/null
is "and tells the place" "$(cat err)" "sensor-decode: bad.json#/rules/0/time/unit: must be s, ms, us or ns"
tr -d : <pump.json >bad.json
fails "a map that is no JSON" 78 sensor-decode --map bad.json </dev/null
is "with line and column" "$(cat err)" "sensor-decode: bad.json:2:13: a ':' is missing after a name"
fails "a map that is not there: status 66" 66 sensor-decode --map nowhere.json </dev/null
fails "a map that is a directory" 66 sensor-decode --map . </dev/null
head -c 1100000 /dev/zero | tr '\0' ' ' >big.json
fails "a map that is too large" 78 sensor-decode --map big.json </dev/null

# ---- beside the rest ----

is "a message without a rule is decoded as ever" "$(mapped pump.json sensors/t/s '{"a":1}' text/json)" "$(reading now t s a=1)"
is "user properties come first" "$(mapped pump.json plant/p/up '{"values":[1]}' text/json 'type=T&sensor=S&time=2026-01-01T00:00:00Z')" \
	"$(reading 2026-01-01T00:00:00.000000Z T S 'pressure=1;1;bar')"
like "another format than JSON is not mapped" "$(mapped pump.json plant/p/up '"' application/protobuf)" bad-protobuf
like "no name may come twice, wherever it is" "$(mapped pump.json plant/p/up '{"values":[1],"x":{"y":1,"y":2}}')" duplicate-name
like "bad syntax is bad-json" "$(mapped pump.json plant/p/up '{"values":[1],"values":[2]')" bad-json

printf 'm1\t7\t%s\tboiler/switch/pump/state\tq1\t\t\tON\n' $at >switch
is "a rule's content type comes before --default-type" \
	"$(sensor-decode --quiet --map $maps/esphome.json --default-type '#=application/json' <switch | cut -f5-)" \
	"$(printf 'esphome\tboiler\t\tpump=true')"
is "what its topic names before --topic" \
	"$(sensor-decode --quiet --map $maps/esphome.json --topic '{type}/{sensor}/{metric}/# schema=2' <switch | cut -f5-)" \
	"$(printf 'esphome\tboiler\t2\tpump=true')"

# ---- the maps that are installed ----

is "Zigbee2MQTT, a climate sensor" "$(mapped $maps/zigbee2mqtt.json zigbee2mqtt/attic \
	'{"battery":93,"humidity":56.21,"last_seen":"2026-11-22T16:03:40.120Z","linkquality":141,"pressure":1013,"temperature":21.44,"voltage":3000,"update":{"installed_version":-1,"state":"idle"},"power_outage_count":3}')" \
	"$(reading 2026-11-22T16:03:40.120000Z zigbee attic 'temperature=21.44;1;Cel' 'humidity=56.21;1;%RH' \
		'pressure=1013;1;hPa' 'battery=93;1;%' voltage=3000 linkquality=141)"
is "Zigbee2MQTT, a plug, last_seen as epoch" "$(mapped $maps/zigbee2mqtt.json zigbee2mqtt/plug \
	'{"current":0.05,"energy":1.25,"last_seen":1795363420120,"power":8.9,"state":"ON","voltage":231}')" \
	"$(reading 2026-11-22T16:03:40.120000Z zigbee plug state=true 'power=8.9;1;W' 'current=0.05;1;A' 'energy=1.25;1;kW.h' voltage=231)"
like "Zigbee2MQTT's own state is no sensor's" "$(mapped $maps/zigbee2mqtt.json zigbee2mqtt/bridge/state '{"state":"online"}' text/json)" \
	no-identity
is "Tasmota, telemetry" "$(mapped $maps/tasmota.json tele/plug-3/SENSOR \
	'{"Time":"2026-11-22T16:03:40","ENERGY":{"TotalStartTime":"2026-01-01T00:00:00","Total":12.345,"Power":8,"Factor":0.95},"AM2301":{"Temperature":21.5,"Humidity":56.1,"DewPoint":12.4},"TempUnit":"C"}')" \
	"$(reading 2026-11-22T16:03:40.000000Z tasmota plug-3 'unit_temperature="C"' 'ENERGY.TotalStartTime="2026-01-01T00:00:00"' \
		ENERGY.Total=12.345 ENERGY.Power=8 ENERGY.Factor=0.95 AM2301.Temperature=21.5 AM2301.Humidity=56.1 AM2301.DewPoint=12.4)"
is "Tasmota, a time with an offset" "$(mapped $maps/tasmota.json tele/plug-3/STATE \
	'{"Time":"2026-11-22T17:03:40+01:00","Uptime":"1T00:00:01","UptimeSec":86401,"Heap":27,"SleepMode":"Dynamic","LoadAvg":19,"POWER":"OFF","Wifi":{"AP":1,"RSSI":74,"Signal":-63}}')" \
	"$(reading 2026-11-22T16:03:40.000000Z tasmota-state plug-3 'uptime=86401;1;s' 'heap=27;1;KiBy' load=19 power=false \
		'wifi_rssi=74;1;%' 'wifi_signal=-63;1;dB[mW]')"
sed 's/, "offset": "Z"//' $maps/tasmota.json >local.json
like "Tasmota, a local time without an offset in the map" "$(mapped local.json tele/p/SENSOR '{"Time":"2026-11-22T16:03:40","A":1}')" \
	"bad-time.*'/Time' has no offset from UTC"
is "ESPHome, a number" "$(mapped $maps/esphome.json boiler/sensor/flow_temperature/state 61.5)" \
	"$(reading now esphome boiler flow_temperature=61.5)"
is "ESPHome, no number is nothing to store" "$(mapped $maps/esphome.json boiler/sensor/flow_temperature/state nan)" \
	"$(printf 's1\t7\tno-data')"
is "ESPHome, a binary sensor" "$(mapped $maps/esphome.json boiler/binary_sensor/pump/state OFF)" \
	"$(reading now esphome boiler pump=false)"
is "Home Assistant's statestream" "$(mapped $maps/esphome.json homeassistant/sensor/outdoor/state '7.2')" \
	"$(reading now homeassistant outdoor state=7.2)"
is "Shelly, a switch" "$(mapped $maps/shelly.json shellyplus1pm-a8032ab12345/events/rpc \
	'{"src":"shellyplus1pm-a8032ab12345","dst":"shellyplus1pm-a8032ab12345/events","method":"NotifyStatus","params":{"ts":1795363420.43,"switch:0":{"id":0,"output":true,"apower":8.92,"voltage":237.5,"current":0.051,"aenergy":{"by_minute":[151.2,0.0,0.0],"minute_ts":1795363380,"total":6.532},"temperature":{"tC":41.3,"tF":106.3}}}}')" \
	"$(reading 2026-11-22T16:03:40.430000Z shelly shellyplus1pm-a8032ab12345 switch0.output=true 'switch0.power=8.92;1;W' \
		'switch0.voltage=237.5;1;V' 'switch0.current=0.051;1;A' 'switch0.energy=6.532;1;W.h' 'switch0.temperature=41.3;1;Cel')"
is "Shelly, an event without a value" "$(mapped $maps/shelly.json shellyplusi4-a8032ab12345/events/rpc \
	'{"src":"shellyplusi4-a8032ab12345","method":"NotifyEvent","params":{"ts":1795363420.43,"events":[{"component":"input:0","id":0,"event":"single_push","ts":1795363420.43}]}}')" \
	"$(printf 's1\t7\tno-data')"
is "SiteWise, several values of a property" "$(mapped $maps/sitewise.json sitewise/values \
	'{"entryId":"1","propertyAlias":"/wind/1/speed","propertyValues":[{"value":{"doubleValue":12.50},"timestamp":{"timeInSeconds":1795363420,"offsetInNanos":123456789},"quality":"GOOD"},{"value":{"integerValue":3},"timestamp":{"timeInSeconds":1795363421},"quality":"UNCERTAIN"}]}')" \
	"$(reading 2026-11-22T16:03:40.123456Z sitewise /wind/1/speed value=12.50 | sed 's/7/7+/'
	reading 2026-11-22T16:03:41.000000Z sitewise /wind/1/speed 'value=3;3')"
for map in "$maps"/*.json; do
	check "${map##*/} is tested" grep -q "/${map##*/} " "$root/tests/tool/sensor-decode-map.t"
	check "${map##*/} is in the manual" grep -qx ".It Pa ${map##*/}" "$root/man/sensorpipe-map.5"
done
finish
