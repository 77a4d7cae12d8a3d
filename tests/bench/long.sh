# The long run: 10 million readings of mixed types, in messages padded to 1 KB, from a dump through the whole chain; the
# counts of every tool must agree, and the database must hold what was sent.
long_messages=$(scaled 2350000) # of 4.3 values each
describe long_run 'dump | decode | validate | tsdb-copy'
long_run() {
	sensor-sim --quiet --sensors 10000 --payload-bytes 1000 --count "$long_messages" --interval 300 \
		--start "$(date -u -d '-20 hours' +%FT%TZ)" |
		sensor-decode 2>"$work/long.decode" |
		sensor-validate --schemas "$root/pipelines/schemas" 2>"$work/long.validate" |
		tsdb-copy 2>"$work/long.copy"
}
psql -qX -c 'TRUNCATE sensor_readings, sensor_texts, touched_hours' -c CHECKPOINT
seconds long_run
long_rows=$(psql -qAtX -c 'SELECT (SELECT count(*) FROM sensor_readings) + (SELECT count(*) FROM sensor_texts)')
long_counted=$(sed -n 's/.* stored \([0-9]*\), duplicates 0, rejected 0,.* rows \([0-9]*\),.*/\1 \2/p' "$work/long.copy")
if [ "$long_counted" != "$long_messages $long_rows" ]; then
	die "$long_messages messages sent, $long_rows rows there; tsdb-copy says: $(cat "$work/long.copy")"
fi
figure long 'rows, numbers and texts' long_run rows "$long_rows"
figure long 'time' long_run s "$took"
figure long 'rate' long_run rows/s "$(awk -v n="$long_rows" -v t="$took" 'BEGIN { print n / t }')"
figure long 'messages' long_run messages/s "$(awk -v n="$long_messages" -v t="$took" 'BEGIN { print n / t }')"
rm -f "$work"/long.*
