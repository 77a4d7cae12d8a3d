#!/bin/bash
# host-sensors: its records pass the chain, and it copes with machines that lack what others have.
# First build only: what it proves is a script.
. "${0%/*}/../lib/tap.sh"
host_sensors=$root/pipelines/host-sensors

# Files of a machine with known numbers; the loopback's bytes are not to be counted.
mkdir -p proc/net sys/class/thermal/thermal_zone{0,1,2}
echo '0.50 0.40 0.30 1/100 4242' >proc/loadavg
cat >proc/meminfo <<'END'
MemTotal:        1000 kB
MemFree:          100 kB
MemAvailable:     400 kB
SwapTotal:         50 kB
SwapFree:          20 kB
END
network() { # RX TX
	cat <<-END
		Inter-|   Receive                                                |  Transmit
		 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
		    lo: 7777777     1    0    0    0     0          0         0  7777777       1    0    0    0     0       0          0
		  eth0:$1       1    0    0    0     0          0         0    $2       1    0    0    0     0       0          0
	END
}
echo 41500 >sys/class/thermal/thermal_zone0/temp
echo 45250 >sys/class/thermal/thermal_zone1/temp

export PROC=$work/proc SYS=$work/sys
# A fifo, so that the two readings of the counters get what is meant for each, however slow it is.
mkfifo proc/net/dev
"$host_sensors" -n 1 -s box >one.m1 &
pid=$!
network 1000 500 >proc/net/dev
sleep 0.3
network 501000 500 >proc/net/dev
wait $pid
rm proc/net/dev
network 501000 500 >proc/net/dev
payload=$(cut -f8 one.m1)
is "one record of the sensor" "$(cut -f1,2,4-7 one.m1)" \
	"$(printf 'm1\t0\tsensors/host/box\tq1\tapplication/json\tschema=1&source=host-sensors')"
is "load" "$(jq -c '[.load1, .load5, .load15]' <<<"$payload")" '[0.5,0.4,0.3]'
is "memory in bytes" "$(jq -c '[.mem_used, .mem_available, .swap_used]' <<<"$payload")" '[614400,409600,30720]'
is "the warmest zone" "$(jq .temperature <<<"$payload")" 45.25
# Others write to the disk meanwhile, but what is used and free together stays about the same.
total=$(df -P -k / | awk 'NR == 2 { printf "%.0f", ($3 + $4) * 1024 }')
is "the disk's numbers are those of df" \
	"$(jq --argjson total "$total" '(.disk_used + .disk_free) / $total * 50 | round' <<<"$payload")" 50
is "rates of the network, without the loopback" "$(jq -c '[.net_rx > 10000 and .net_rx <= 500000, .net_tx]' <<<"$payload")" '[true,0]'
is "the time of the sample" "$(jq -r .time <<<"$payload")" "$(cut -f3 one.m1)"
like "in microseconds, UTC" "$(cut -f3 one.m1)" '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$'

# through OPTION...: the readings that the chain makes of its records, and the dead letters there are.
through() {
	rm -f rejects.x1
	"$host_sensors" "$@" | sensor-decode --quiet --reject rejects.x1 |
		sensor-validate --quiet --reject rejects.x1 | cut -f1,5,6,7
	if [ -s rejects.x1 ]; then cat rejects.x1; fi
}
is "its records pass the chain" "$(through -n 1 -s box)" "$(printf 'r1\thost\tbox\t1')"

rm -r sys
sed -i /MemAvailable/d proc/meminfo
is "without zones and on an old kernel too" "$(through -n 1 -s box)" "$(printf 'r1\thost\tbox\t1')"
unset PROC SYS
is "on this machine too, with its own name" "$(through -n 2 | sort -u | cut -f1,2,4)" "$(printf 'r1\thost\t1')"

# A sample a second: from 3 there are 2 seconds.
times=$("$host_sensors" -n 3 | cut -f3 | sort -u)
is "samples have times of their own" "$(wc -l <<<"$times")" 3

"$host_sensors" >endless.m1 &
pid=$!
check "samples come as they are made" wait_for 20 test -s endless.m1
kill -TERM $pid
status=0
wait $pid || status=$?
is "SIGTERM ends it well" $status 0

fails "an interval of nothing" 64 "$host_sensors" -i 0
fails "a count that is none" 64 "$host_sensors" -n many
fails "a name that would be two levels" 64 "$host_sensors" -s a/b
fails "an unknown option" 64 "$host_sensors" -x
fails "an argument" 64 "$host_sensors" now
fails "no such directory" 66 "$host_sensors" -d /nonexistent
fails "no /proc" 66 env PROC=/nonexistent "$host_sensors" -n 1
fails "a full device" 74 sh -c "exec '$host_sensors' -n 1 >/dev/full"
check "help" "$host_sensors" -h
finish
