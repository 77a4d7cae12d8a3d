# Sourced by the month run (tests/load/month) and its small version (tests/chain/month*.t), after
# tap.sh, services.sh and timescaledb.sh.
#
#   month_run ENGINE READINGS    a month of about so many readings through tsdb-copy into a database
#                                of its own, through all that is done to them in their life
#   month_table                  afterwards: what took how long, and what it takes on disk
#   month_cleanup
#
# After every step the rollups by hour and by day are compared with what is counted anew out of all
# readings, and where nothing may have changed, a digest of all readings with that before. Values are
# whole hundredths, so that sums have one right result, whatever the order.

month_engine='' month_wasm=''
declare -A month_seconds month_number

sql() {
	psql -XqAt -v ON_ERROR_STOP=1 -c "$1"
}

month_begin() {
	local readings=$2 per_day_share=$(($2 * 9 / 290))
	# Days are counted from today: shortly before midnight, wait for it.
	while [ "$(date -u +%H%M)" -ge 2357 ]; do sleep 5; done
	month_engine=$1 month_wasm=''
	case $month_engine in
	postgresql)
		services_begin "$work/db"
		start_postgres fsync=off jit=off shared_buffers=512MB max_wal_size=8GB || skip_all "PostgreSQL does not start"
		;;
	timescaledb)
		start_timescaledb "$work/db" || skip_all "$timescaledb_reason"
		month_wasm=$timescaledb_wasm
		;;
	*)
		echo "there is no engine '$month_engine': postgresql or timescaledb" >&2
		exit 64
		;;
	esac
	# Two readings a record; a tenth of all on the last day. The days end with yesterday.
	month_sensors=$((readings >= 50000 ? readings / 10000 : 5))
	month_per_day=$((per_day_share / month_sensors / 2)) month_busy=$((readings / 10 / month_sensors / 2))
	month_readings=$((2 * month_sensors * (29 * month_per_day + month_busy)))
	month_late=$((readings / 1000))
	month_first=$(date -u -d '30 days ago' +%F) month_last=$(date -u -d '1 day ago' +%F)
	month_cold=$(date -u -d '7 days ago' +%F) month_end=$(date -u +%F)
	store=(tsdb-copy --retry-for 60)
	if [ -n "$month_wasm" ]; then store+=(--copy-min 1000000 --max-batch 10000); fi
}

month_cleanup() {
	if [ "$month_engine" = timescaledb ]; then stop_timescaledb; elif [ -n "$month_engine" ]; then services_end; fi
}

# month_timed NAME CHECK-NAME COMMAND...: checks that the command succeeds, and keeps how long it took.
month_timed() {
	local name=$1 begin=$EPOCHREALTIME
	shift
	check "$@"
	month_seconds[$name]=$(awk "BEGIN { printf \"%.1f\", $EPOCHREALTIME - $begin }")
}

# month_sql_ms STATEMENT: how long it takes, in milliseconds: the middle one of three times.
month_sql_ms() {
	local n
	for n in 1 2 3; do
		printf '\\timing on\n%s;\n' "$1" | psql -XqAt -v ON_ERROR_STOP=1 | sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' | tail -n 1
	done | sort -n | sed -n 2p
}

# month_tool_ms COMMAND...: the same of a command.
month_tool_ms() {
	local n begin
	for n in 1 2 3; do
		begin=$EPOCHREALTIME
		"$@" >/dev/null || return 1
		awk "BEGIN { printf \"%.1f\n\", ($EPOCHREALTIME - $begin) * 1000 }"
	done | sort -n | sed -n 2p
}

month_records() {
	"$BIN/../tests/helper/month-readings" "${month_first}T00:00:00Z" "$month_sensors" "$month_per_day" "$month_busy" "$@"
}

# ---- what is right ----

# Hours counted anew out of all readings, and days out of those; sums in hundredths.
month_recount="
	CREATE TEMP TABLE hours AS
	SELECT bucket, sensor_id, metric_id, count, (goods[1]) AS first, (goods[count]) AS last, min, max, sum, sum_of_squares, failed
	FROM (
		SELECT date_trunc('hour', time, 'UTC') AS bucket, sensor_id, metric_id, count(good) AS count,
			array_agg(good ORDER BY time) FILTER (WHERE good IS NOT NULL) AS goods,
			min(good) AS min, max(good) AS max, sum(h)::numeric AS sum, sum(h * h) AS sum_of_squares,
			count(*) - count(good) AS failed
		FROM (
			SELECT *, round(good * 100)::bigint AS h
			FROM (SELECT *, CASE WHEN quality < 4 THEN value END AS good FROM series_readings) AS g
		) AS r
		GROUP BY 1, 2, 3
	) AS c;
	CREATE TEMP TABLE days AS
	SELECT date_trunc('day', bucket, 'UTC') AS bucket, sensor_id, metric_id, sum(count)::bigint AS count,
		(array_agg(first ORDER BY bucket) FILTER (WHERE count > 0))[1] AS first,
		(array_agg(last ORDER BY bucket DESC) FILTER (WHERE count > 0))[1] AS last,
		min(min) AS min, max(max) AS max, sum(sum) AS sum, sum(sum_of_squares) AS sum_of_squares,
		sum(failed)::bigint AS failed
	FROM hours
	GROUP BY 1, 2, 3;"

# month_wrong COUNTED VIEW: a query for how many rows of the two differ, where all readings are there.
month_wrong() {
	local stored="SELECT bucket, sensor_id, metric_id, count, first, last, min, max, round(sum::numeric * 100) AS sum,
		round(sum_of_squares::numeric * 10000) AS sum_of_squares, failed FROM $2, rollup_state WHERE bucket >= raw_from"
	local counted="SELECT $1.* FROM $1, rollup_state WHERE bucket >= raw_from"
	counted=${counted/$1.\*/bucket, sensor_id, metric_id, count, first, last, min, max, sum, sum_of_squares, failed}
	echo "(SELECT count(*) FROM (($counted EXCEPT $stored) UNION ALL ($stored EXCEPT $counted)) AS d)"
}

# month_check_rollups NAME
month_check_rollups() {
	is "$1: the rollups are those of the readings" \
		"$(sql "$month_recount SELECT $(month_wrong hours readings_hourly), $(month_wrong days readings_daily),
			(SELECT count(*) > 0 FROM hours); DROP TABLE hours, days")" "0|0|t"
}

# month_digest [SINCE]: number and digest of the readings; bit by bit, since the shortest text that
# reads back is another one for any other value.
month_digest() {
	sql "SELECT count(*), sum(hashtextextended(concat_ws(',', sensor_id, metric_id, extract(epoch FROM time), value, quality), 0)::numeric)
		FROM readings_between('${1:--infinity}', 'infinity')"
}

# The rollups of days, with which a test can tell that they stay: those before a day.
month_digest_days() {
	sql "SELECT count(*), sum(hashtextextended(d::text, 0)::numeric) FROM readings_daily AS d WHERE bucket < '$1'"
}

# Bytes of all relations that hold the readings of the days before $month_cold.
month_cold_bytes() {
	if [ "$month_engine" = timescaledb ]; then
		sql "SELECT sum(s.total_bytes) FROM chunks_detailed_size('sensor_readings') AS s
			JOIN timescaledb_information.chunks AS c USING (chunk_schema, chunk_name)
			WHERE c.range_end <= '$month_cold'"
	else
		sql "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_inherits JOIN pg_class AS c ON c.oid = inhrelid
			WHERE inhparent IN ('sensor_readings'::regclass, to_regclass('packed_readings'))
			AND c.relname ~ '_\\d{8}\$' AND right(c.relname, 8) < to_char('$month_cold'::date, 'YYYYMMDD')"
	fi
}

# ---- the steps ----

month_pour() {
	month_records "$@" | "${store[@]}" --on-conflict replace
}

# month_store NAME RECORDS-OPTION...: records through tsdb-copy; nothing of them is lost or rejected.
month_store() {
	local name=$1 received
	shift
	month_timed "$name" "$name" month_pour "$@"
	received=$(sed -n 's/.*received \([0-9]*\), stored.*/\1/p' "$work/err")
	is "$name: each is stored or a duplicate" \
		"$(sed -n 's/.*stored \([0-9]*\), duplicates \([0-9]*\), rejected \([0-9]*\), skipped \([0-9]*\).*/\1 \2 \3 \4/p' "$work/err" |
			awk -v received="$received" '{ print ($1 + $2 == received && received > 0), ($2 > 0), $3, $4 }')" "1 1 0 0"
}

# month_maintain NAME
month_maintain() {
	month_timed "$1" "$1" tsdb-admin maintain
	month_said=$(cat "$work/err")
	is "$1: no late reading waits" "$(sql "SELECT count(*) FROM touched_hours")" 0
	month_check_rollups "$1"
}

month_load() {
	check "init" tsdb-admin init
	check "not yet compressed" tsdb-admin policy set compress=never
	if [ "$month_engine" = postgresql ]; then
		check "the days of the month" sql "SELECT make_partitions('$month_first', '$month_end')"
	fi
	month_store "load"
	is "every reading is there, once" "$(sql "SELECT count(*) FROM series_readings")" "$month_readings"
	month_maintain "maintain"
	month_store "late readings" "$month_late" 1
	month_maintain "maintain after late readings"
	is "late readings that were new are there" \
		"$(sql "SELECT count(*) BETWEEN $month_readings + 1 AND $month_readings + 2 * $month_late FROM series_readings")" t
}

month_compress() {
	local before
	before=$(month_digest)
	month_number[cold]=$(sql "SELECT count(*) FROM series_readings WHERE time < '$month_cold'")
	month_number[bytes before]=$(month_cold_bytes)
	check "days older than a week are to be compressed" tsdb-admin policy set compress=7d
	month_maintain "compress"
	is "compressed readings are the same, bit by bit" "$(month_digest)" "$before"
	month_number[bytes after]=$(month_cold_bytes)
	is "and take less room" "$((month_number[bytes after] < month_number[bytes before]))" 1
}

month_late_again() {
	local before
	before=$(sql "SELECT count(*) FROM series_readings")
	month_store "late into compressed days" "$month_late" 2
	is "late into compressed days: the new ones are there" \
		"$(sql "SELECT count(*) > $before FROM series_readings")" t
	month_maintain "maintain after that"
	month_number[bytes again]=$(month_cold_bytes)
	month_number[cold again]=$(sql "SELECT count(*) FROM series_readings WHERE time < '$month_cold'")
}

# Readings get old not by the clock, but as less is kept.
month_retain() {
	local day rest days
	day=$(date -u -d '20 days ago' +%F)
	rest=$(month_digest "$day") days=$(month_digest_days "$day")
	check "readings are kept for 20 days" tsdb-admin policy set raw=20d
	month_maintain "retention"
	is "older readings are gone" "$(sql "SELECT count(*) FROM series_readings WHERE time < '$day'")" 0
	is "the others are there" "$(month_digest "$day")" "$rest"
	is "and so are the rollups of those that are gone" "$(month_digest_days "$day")" "$days"
}

# ---- how fast it is read ----

month_ask() {
	local from=(--from "$month_last" --to "$month_end")
	local raw="SELECT sensor_id, metric_id, count(value), sum(value) / count(value), min(value), max(value)
		FROM readings_between('$month_last', '$month_end') WHERE quality < 4 GROUP BY 1, 2"
	local hourly="SELECT sensor_id, metric_id, sum(count)::bigint, sum(sum) / sum(count), min(min), max(max)
		FROM readings_hourly WHERE bucket >= '$month_last' AND bucket < '$month_end' GROUP BY 1, 2"
	local aggregate=(tsdb-query "${from[@]}" --agg count,avg,min,max --bucket 1d --format csv --quiet)
	local source export=(tsdb-query --sensor 's-000*' --metric temperature --format csv --quiet
		--from "$(date -u -d '8 days ago' +%F)" --to "$month_last")
	is "24 hours of all series: counted, least and most by hours as by readings" \
		"$(sql "SELECT count(*), sum(count) FROM (SELECT sensor_id, metric_id, count, min, max FROM ($hourly) AS h (sensor_id, metric_id, count, avg, min, max)
			EXCEPT SELECT sensor_id, metric_id, count, min, max FROM ($raw) AS r (sensor_id, metric_id, count, avg, min, max)) AS d")" "0|"
	for source in hourly raw; do
		"${aggregate[@]}" --source $source >aggregate.csv
		is "24 hours: tsdb-query counts as many ($source)" \
			"$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "count") c = i; next } { n += $c } END { print NR - 1 "|" n }' aggregate.csv)" \
			"$(sql "SELECT count(*), sum(count) FROM ($raw) AS r (sensor_id, metric_id, count)")"
	done
	"${export[@]}" >export.csv
	month_number[exported]=$(($(wc -l <export.csv) - 1))
	is "an export has every reading of its week" "${month_number[exported]}" \
		"$(sql "SELECT count(*) FROM readings_between('$(date -u -d '8 days ago' +%F)', '$month_last')
			JOIN sensors USING (sensor_id) JOIN metrics AS m USING (metric_id)
			WHERE m.name = 'temperature' AND sensors.name LIKE 's-000%'")"
	month_number[busy]=$(sql "SELECT count(*) FROM readings_between('$month_last', '$month_end')")
	month_number[ask raw]=$(month_sql_ms "$raw") month_number[ask hourly]=$(month_sql_ms "$hourly")
	month_number[query raw]=$(month_tool_ms "${aggregate[@]}" --source raw)
	month_number[query hourly]=$(month_tool_ms "${aggregate[@]}" --source hourly)
	month_number[export]=$(month_tool_ms "${export[@]}")
	month_number[status]=$(month_tool_ms tsdb-admin status)
}

month_run() {
	month_begin "$1" "$2"
	month_load
	month_compress
	month_ask
	month_late_again
	month_retain
}

# ---- what is printed ----

month_row() {
	printf '  %-58s %12s %s\n' "$@"
}

month_bytes_per_reading() {
	awk "BEGIN { printf \"%.2f\", $1 / $2 }"
}

month_table() {
	local step
	echo
	echo "machine: $(nproc) x $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(free -g | awk '/^Mem/ { print $2 }') GB"
	echo "database: $(sql "SELECT 'PostgreSQL ' || current_setting('server_version')")${month_wasm:+ compiled to WebAssembly}" \
		"$(sql "SELECT 'TimescaleDB ' || extversion FROM pg_extension WHERE extname = 'timescaledb'")"
	echo "readings: $month_readings of $((month_sensors * 2)) series in 30 days; late, twice: $month_late records"
	echo
	for step in "load" "maintain" "late readings" "maintain after late readings" "compress" \
		"late into compressed days" "maintain after that" "retention"; do
		month_row "$step" "${month_seconds[$step]}" s
	done
	month_row "load" "$(awk "BEGIN { printf \"%.0f\", $month_readings / ${month_seconds[load]} }")" readings/s
	month_row "24 h of all series (${month_number[busy]} readings), SQL, from hours" "${month_number[ask hourly]}" ms
	month_row "the same from the readings" "${month_number[ask raw]}" ms
	month_row "the same by tsdb-query, from hours" "${month_number[query hourly]}" ms
	month_row "by tsdb-query from the readings" "${month_number[query raw]}" ms
	month_row "export of 7 days (${month_number[exported]} readings) as CSV" "${month_number[export]}" ms
	month_row "tsdb-admin status" "${month_number[status]}" ms
	month_row "older than 7 days: ${month_number[cold]} readings, before" \
		"$(month_bytes_per_reading "${month_number[bytes before]}" "${month_number[cold]}")" bytes/reading
	month_row "compressed" "$(month_bytes_per_reading "${month_number[bytes after]}" "${month_number[cold]}")" bytes/reading
	month_row "with late readings" "$(month_bytes_per_reading "${month_number[bytes again]}" "${month_number[cold again]}")" bytes/reading
}
