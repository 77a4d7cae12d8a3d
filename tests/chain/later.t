#!/bin/bash
# A record of a later version is never taken for anything else: no tool passes it on, stores it, cuts it off, or loses it.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
spool_writer=$BIN/../tests/helper/spool-writer

cleanup() {
	services_end
}
services_begin "$work/services"
start_broker || skip_all "mosquitto does not start"

# later: the same records, of the next version.
later() { sed 's/^\([mrsx]\)1/\12/'; }
sensor-sim --quiet --count 2 --seed 4 >messages
sensor-decode --quiet <messages >readings
head -n 1 readings | sed "s/^/x1\t2026-01-01T00:00:00.000000Z\tt\tc\td\t/" >letters

# ---- standard input ----

# takes TOOL: its command, into $command, and the file of the records it takes, into $file.
takes() {
	command=("$1" --quiet) file=messages
	case $1 in
	sensor-validate | sensor-anomaly) file=readings ;;
	fw-serve) command+=("$work") ;;
	# A server that is not there: what is read is looked at all the same.
	tsdb-copy) command+=(-d "host=$work/nowhere" --retry-for 0) file=readings ;;
	mqtt-pub5) command+=(-p "$MQTT_PORT") ;;
	esac
}
for tool in sensor-decode sensor-validate sensor-anomaly tsdb-copy mqtt-replay mqtt-pub5 fw-serve; do
	takes $tool
	for kind in $file letters; do
		later <$kind >first
		fails "$tool: $kind of a later version come first" 65 eval '"${command[@]}" --reject rejects <first'
		like "$tool: it says so" "$(cat err)" \
			"^$tool: stdin:1: a record of a later version where .* is wanted: use a newer version of this tool\$"
		is "$tool: and passes nothing on" "$(cat out)" ""
	done
	if [ $tool = tsdb-copy ]; then continue; fi # it needs the database for the first of them
	{ head -n 1 $file && tail -n 1 $file | later; } >second
	rm -f rejects
	check "$tool: one comes later" eval '"${command[@]}" --reject rejects <second'
	is "$tool: it is a dead letter, whole" "$(tail -n 1 rejects | cut -f4,6-)" "wrong-kind	$(tail -n 1 second)"
done

# ---- files and spools ----

later <messages >file
fails "mqtt-replay --verify" 65 mqtt-replay --verify file
like "names it" "$(cat err)" 'file:1: a record of a later version: use a newer version of this tool'

"$spool_writer" spool <messages >/dev/null
segment=$(ls spool/*[0-9])
later <"$segment" >newer && cp newer "$segment"
for reader in 'mqtt-replay spool' 'mqtt-replay --verify spool' \
	"mqtt-sub5 -p $MQTT_PORT -t t -i c -c --spool spool -E"; do
	# shellcheck disable=SC2086
	fails "a spool of a later version: ${reader%% -p*}" 65 $reader
	like "says so" "$(cat err)" 'offset 0: a record of a later version: use a newer version of this tool'
	check "and leaves it as it is" cmp "$segment" newer
done
finish
