# Size: bytes a value at every stage, and the most memory each tool takes with few series and with many.
size_sensors=$(scaled 10000)
size_dump=$work/size.dump

# size_stage STAGE BYTES VALUES
size_stage() {
	describe "size_$1" "$1"
	figure size 'bytes a value' "size_$1" bytes "$(awk -v b="$2" -v n="$3" 'BEGIN { print b / n }')"
}

# A day of readings, ten days ago: old enough to be packed or compressed.
sensor-sim --quiet --sensors "$size_sensors" --types climate,power,vibration --interval 600 \
	--count "$((size_sensors * 144))" --start "$(date -u -d '-10 days' +%F)T00:00:00Z" >"$size_dump"
psql -qX -c 'TRUNCATE sensor_readings, sensor_texts, touched_hours'
psql -qAtX -c "SELECT make_partitions(d, d) FROM (SELECT (now() AT TIME ZONE 'UTC')::date - 10 AS d) AS t" >/dev/null
sensor-decode --quiet <"$size_dump" >"$work/size.readings"
sensor-validate --quiet --schemas "$root/pipelines/schemas" <"$work/size.readings" | tsdb-copy --quiet
psql -qX -c 'VACUUM ANALYZE sensor_readings'
size_values=$(psql -qAtX -c 'SELECT count(*) FROM sensor_readings')
size_relations() { # NAME-PATTERN: bytes of all that is stored under these names
	psql -qAtX -c "SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class
		WHERE relkind = 'r' AND relname ~ '$1'"
}
size_stage 'message records (m1)' "$(stat -c %s "$size_dump")" "$size_values"
size_stage 'reading records (r1)' "$(stat -c %s "$work/size.readings")" "$size_values"
size_stage 'table and index' "$(size_relations '^sensor_readings')" "$size_values"
tsdb-admin --quiet maintain
tsdb-admin --quiet maintain
size_stage 'packed' "$(size_relations '^(sensor_readings|packed_readings)')" "$size_values"
size_stage 'rollups by hour and day' "$(size_relations '^rollup_')" "$size_values"

# memory WAY COMMAND...: its greatest resident set; standard input and output are the caller's.
memory() {
	local way=$1
	shift
	command time -f %M -o "$work/size.memory" "$@"
	figure size "peak memory, $size_series series" "memory_$way" MiB \
		"$(awk '{ printf "%.1f", $1 / 1024 }' "$work/size.memory")"
}
for tool in mqtt-replay sensor-decode sensor-validate tsdb-copy; do describe "memory_$tool" "$tool"; done

# Sensors of four or five values each, a message a sensor, stored as they come: in batches of some thousand rows.
for size_series in 1000 100000 1000000; do
	size_series=$(scaled "$size_series")
	sensor-sim --quiet --sensors "$((size_series / 4 + 1))" --types climate,power --count "$((size_series / 4 + 1))" \
		--start "$(date -u +%FT%TZ)" >"$size_dump"
	memory mqtt-replay mqtt-replay --quiet "$size_dump" >/dev/null
	memory sensor-decode sensor-decode --quiet <"$size_dump" >"$work/size.readings"
	memory sensor-validate sensor-validate --quiet --schemas "$root/pipelines/schemas" <"$work/size.readings" >/dev/null
	memory tsdb-copy tsdb-copy --quiet --max-batch 10000 <"$work/size.readings"
done
rm -rf "$work"/size.*
