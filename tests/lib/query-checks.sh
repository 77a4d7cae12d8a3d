# Sourced by the tests of tsdb-query: what holds on every engine, after `tsdb-admin init`.

sql() {
	psql -XqAt -v ON_ERROR_STOP=1 -c "$1"
}

# Three days of two sensors, with a gap, with readings that enter no aggregate, and with strings; and
# sensors with names that would do harm where they were pasted into SQL.
fill_query_data() {
	sql "INSERT INTO sensors (sensor_id, type, name, schema) VALUES
		(1, 'weather', 'north', 2), (2, 'weather', 'south', NULL), (3, 'pump', 'north', 1),
		(4, 'x', '''; DROP TABLE sensors; --', 1), (5, 'x', '50%_\\', 1), (6, 'x', '50ab', 1),
		(7, 'x', 'zwei' || chr(10) || 'Zeilen', 1), (8, 'x', 'größe, \"*\"', 1)"
	sql "INSERT INTO metrics (metric_id, name, unit) VALUES
		(1, 'temperature', '°C'), (2, 'state', NULL), (3, 'pressure', 'hPa'), (4, 'a=b', NULL)"
	# Every 7 minutes and 1 s; the second sensor is silent for a day.
	sql "INSERT INTO sensor_readings (time, value, sensor_id, metric_id, quality)
		SELECT t, 20 + 8 * sin(extract(epoch FROM t) / 7000.0) + s, s, 1,
		       CASE WHEN extract(epoch FROM t)::bigint % 11 = 0 THEN 4
		            WHEN extract(epoch FROM t)::bigint % 13 = 0 THEN 3 ELSE 1 END
		FROM generate_series('2026-01-09 22:00:00.5Z'::timestamptz, '2026-01-13 02:00Z', '421 s') AS t,
		     generate_series(1, 2) AS s
		WHERE s = 1 OR t NOT BETWEEN '2026-01-11' AND '2026-01-12'"
	sql "INSERT INTO sensor_readings (time, value, sensor_id, metric_id, quality) VALUES
		('2026-01-10 05:00:00Z', 1e300, 1, 1, 1), ('2026-01-10 05:00:01Z', 'NaN', 1, 1, 1),
		('2026-01-10 05:00:02Z', '-Infinity', 1, 1, 1), ('2026-01-10 06:00:00Z', 99, 1, 1, 9),
		('2026-01-10 12:00:00Z', 0.1, 3, 3, 1), ('2026-01-10 12:00:00Z', 1e-7, 3, 1, 2),
		('2026-01-10 12:00:01Z', 123456789.12345679, 3, 3, 1),
		('2026-01-10 12:00:00Z', 4, 4, 3, 1), ('2026-01-10 12:00:00Z', 5, 5, 3, 1),
		('2026-01-10 12:00:00Z', 6, 6, 3, 1), ('2026-01-10 12:00:00Z', 7, 7, 3, 1),
		('2026-01-10 12:00:00Z', 8, 8, 4, 1)"
	sql "INSERT INTO sensor_texts (time, value, sensor_id, metric_id, quality) VALUES
		('2026-01-10 12:00:00Z', 'idle', 3, 2, 1),
		('2026-01-10 13:00:00Z', E'tab\\t, \"quote\", line\\n\\\\ü', 3, 2, 3)"
}

q() {
	tsdb-query --from 2026-01-01 --to 2026-02-01 --quiet "$@"
}

# brute START FROM TO: every aggregate by plain SQL over the table, the start of the bucket being an expression.
brute() {
	psql -XqAt -F $'\t' -P null='\N' -v ON_ERROR_STOP=1 -c "
		SELECT to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), s.type, s.name, m.name,
		       avg(value), min(value), max(value), sum(value), count(*),
		       (array_agg(value ORDER BY time))[1], (array_agg(value ORDER BY time DESC))[1],
		       stddev_samp(value), max(value) - min(value), m.unit
		FROM sensor_readings JOIN sensors AS s USING (sensor_id) JOIN metrics AS m USING (metric_id)
		WHERE time >= '$2' AND time < '$3' AND quality IN (1, 2, 3) AND value BETWEEN -1e99 AND 1e99
		AND s.type = 'weather' GROUP BY 1, 2, 3, 4, m.unit ORDER BY 2, 3, 4, 1"
}

# brute_percentiles FROM TO: of whole hours.
brute_percentiles() {
	psql -XqAt -F $'\t' -v ON_ERROR_STOP=1 -c "
		SELECT to_char(date_trunc('hour', time, 'UTC') AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'),
		       s.type, s.name, m.name,
		       percentile_cont(0.5) WITHIN GROUP (ORDER BY value),
		       percentile_cont(0.9) WITHIN GROUP (ORDER BY value),
		       percentile_cont(0.999) WITHIN GROUP (ORDER BY value), m.unit
		FROM sensor_readings JOIN sensors AS s USING (sensor_id) JOIN metrics AS m USING (metric_id)
		WHERE time >= '$1' AND time < '$2' AND quality IN (1, 2, 3) AND value BETWEEN -1e99 AND 1e99
		AND s.type = 'weather' GROUP BY 1, 2, 3, 4, m.unit ORDER BY 2, 3, 4, 1"
}

# same NAME GOT EXPECTED: two files with TABs, whose numbers may differ by rounding.
same() {
	is "$1: there are rows" "$(($(wc -l <"$3") > 0))" 1
	is "$1" "$(paste -d '\n' "$2" "$3" | awk -F '\t' '
		NR % 2 { for (i = 1; i <= NF; i++) got[i] = $i; fields = NF; line = $0; next }
		{
			wrong = fields != NF
			for (i = 1; i <= NF && !wrong; i++) {
				if (got[i] == $i) continue
				difference = got[i] - $i
				if (difference < 0) difference = -difference
				size = $i < 0 ? -$i : $i
				wrong = got[i] !~ /[0-9]$/ || $i !~ /[0-9]$/ || i == 1 || difference > 1e-9 * (size + 1e-3)
			}
			if (wrong && shown++ < 5) print "got " line "\nnot " $0
		}')" ""
}

all=avg,min,max,sum,count,first,last,stddev,range

# buckets SPAN START FROM TO [OPTION...]: every aggregate is that of plain SQL.
check_buckets() {
	local span=$1 start=$2 from=$3 to=$4
	shift 4
	brute "$start" "$from" "$to" >expected
	tsdb-query --quiet --type weather --from "$from" --to "$to" --agg $all --bucket "$span" \
		--format tsv "$@" 2>err | tail -n +2 >got
	same "$all by $span from $from to $to${*:+ $*}" got expected
}

hour="date_trunc('hour', time, 'UTC')"
day="date_trunc('day', time, 'UTC')"
week="date_trunc('week', time, 'UTC')"
five="to_timestamp(floor(date_part('epoch', time) / 300) * 300)"
six="to_timestamp(floor(date_part('epoch', time) / 21600) * 21600)"

check_aggregates() {
	local source from=2026-01-10T03:17:00.25Z to=2026-01-12T19:59:59Z
	check_buckets 5m "$five" $from $to
	check_buckets 300s "$five" 2026-01-10 2026-01-11
	for source in auto raw hourly; do
		check_buckets 1h "$hour" $from $to --source $source
		check_buckets 6h "$six" $from $to --source $source
	done
	for source in auto raw hourly daily; do
		check_buckets 1d "$day" $from $to --source $source
		check_buckets 1w "$week" 2026-01-01 2026-02-01 --source $source
	done
	brute_percentiles $from $to >expected
	tsdb-query --quiet --type weather --from $from --to $to --agg median,p90,p99.9 --bucket 1h \
		--format tsv | tail -n +2 >got
	same "percentiles by 1h" got expected
	# Without buckets: one row a series, without a time.
	brute "'epoch'::timestamptz" $from $to | cut -f2- >expected
	for source in auto raw hourly daily; do
		tsdb-query --quiet --type weather --from $from --to $to --agg $all --format tsv --source $source |
			tail -n +2 >got
		same "$all of all from $source" got expected
	done
	is "--quality good counts only those" \
		"$(q --sensor north --type weather --agg count --quality good --format tsv | cut -f4 | tail -n 1)" \
		"$(sql "SELECT count(*) FROM sensor_readings WHERE sensor_id = 1 AND quality = 1 AND value < 1e99 AND value > -1e99")"
}

check_names() {
	local name
	is "a name with a quote and SQL in it" "$(q --sensor "'; DROP TABLE sensors; --" --format csv | tail -n 1)" \
		"2026-01-10T12:00:00.000000Z,x,'; DROP TABLE sensors; --,pressure,4,hPa,1"
	is "% and _ and a backslash are themselves" "$(q --sensor '50%_\\' --format json | jq -r .value)" 5
	is "also beside wildcards" "$(q --sensor '50%*' --format json | jq -r .value)" 5
	is "? is one character" "$(q --sensor '50??' --format json | jq -r .value | tr '\n' ' ')" "6 "
	is "a name with a line end" "$(q --sensor $'zwei\nZeilen' --format json | jq -c '[.sensor, .value]')" \
		'["zwei\nZeilen",7]'
	is "a name with commas, quotes, stars and an umlaut" "$(q --sensor 'größe, "\*"' --format csv | tail -n 1)" \
		'2026-01-10T12:00:00.000000Z,x,"größe, ""*""",a=b,8,,1'
	is "in a table, control characters are escaped" "$(q --sensor 'zwei*' | grep -c 'zwei\\nZeilen')" 1
	is "several names: any of them" \
		"$(q --sensor 50ab --sensor '50%_\\' --metric press\* --metric temperature --format json | jq -r .value | tr '\n' ' ')" "5 6 "
	is "type and sensor: both" "$(q --sensor north --type pump --agg count --format json | jq -c '[.metric, .count]' | tr '\n' ' ')" \
		'["pressure",2] ["temperature",1] '
	for name in "x'; DROP TABLE sensors; --" '*%%*' '\*' $'\n' '{}' '"' '\'; do
		fails "no sensor ${name@Q}" 66 q --sensor "$name"
	done
	fails "a name that is nearly one" 66 q --sensor norht
	like "names it" "$(cat err)" "there is no sensor 'norht'; near it: 'north'"
	fails "a second name that matches nothing" 66 q --metric temperature --metric pressrue
	like "is named" "$(cat err)" "no metric 'pressrue'; near it: 'pressure'"
	fails "a type that is not that of the sensor" 66 q --type weather --sensor 50ab
	fails "no such type" 66 q --type 'w*x'
	is "all sensors are still there" "$(sql "SELECT count(*) FROM sensors")" 8
}

check_readings() {
	is "readings are all there, numbers and strings" "$(q --format csv | tail -n +2 | wc -l)" \
		"$(sql "SELECT (SELECT count(*) FROM sensor_readings) +
			(SELECT count(*) FROM sensor_texts) + 2")" # two of them have a line end inside
	psql -XqAt -F $'\t' -c "SELECT to_char(time AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), value, quality
		FROM sensor_readings WHERE sensor_id = 1 ORDER BY time" >expected
	is "exact to the last digit, in order" "$(q --type weather --sensor north --format tsv | tail -n +2 | cut -f1,5,7 | diff - expected)" ""
	is "strings in CSV" "$(q --metric state --format csv | tail -n +2)" \
		"2026-01-10T12:00:00.000000Z,pump,north,state,idle,,1
2026-01-10T13:00:00.000000Z,pump,north,state,\"tab	, \"\"quote\"\", line
\\ü\",,3"
	is "and in TSV" "$(q --metric state --format tsv | tail -n 1)" \
		"2026-01-10T13:00:00.000000Z	pump	north	state	tab\\t, \"quote\", line\\n\\\\ü	\\N	3"
	is "and in JSON" "$(q --metric state --format json | jq -r .value)" \
		"$(printf 'idle\ntab\t, "quote", line\n\\ü')"
	is "what is no number, in JSON" \
		"$(q --sensor north --type weather --from 2026-01-10T05:00:00Z --to 2026-01-10T05:00:03Z --format json | jq -c .value | tr '\n' ' ')" \
		'1e+300 "NaN" "-Infinity" '
	is "--quality usable" "$(q --sensor north --type weather --quality usable --format tsv | tail -n +2 | cut -f7 | sort -u | tr '\n' ' ')" "1 3 "
	is "--quality good" "$(q --metric state --quality good --format tsv | tail -n +2 | wc -l)" 1
	is "[from, to)" "$(q --sensor north --type pump --metric pressure --from 2026-01-10T12:00:00Z --to 2026-01-10T12:00:01Z --format json | jq .value)" 0.1
	is "a span with nothing: the names of the columns" "$(q --from 2026-01-20 --format csv)" "time,type,sensor,metric,value,unit,quality"
	is "in JSON, nothing" "$(q --from 2026-01-20 --format json)" ""
	check "a span with nothing is no failure" q --from 2026-01-20
	check "nor are aggregates of it" q --from 2026-01-20 --agg avg --bucket 1h --fill null
	is "a table" "$(q --sensor north --type pump --metric pressure)" \
		"  time                  type  sensor  metric                 value  unit  quality
  2026-01-10T12:00:00Z  pump  north   pressure                 0.1  hPa   1
  2026-01-10T12:00:01Z  pump  north   pressure  123456789.12345679  hPa   1"
	is "a table without units" "$(q --sensor north --metric state --agg count)" "  type  sensor  metric  count"
}

# A day in which the second sensor is silent for most of the time.
check_fill() {
	local options="--sensor south --from 2026-01-10T22:00:00Z --to 2026-01-12T01:30:00Z --bucket 1h --format tsv"
	q $options --agg avg,count >none
	is "no fill: only hours with readings" "$(tail -n +2 none | wc -l)" 4
	q $options --agg avg,count --fill null >null
	is "--fill null: every hour" "$(tail -n +2 null | cut -f1 | sed -n '1p;$p' | tr '\n' ' ') $(tail -n +2 null | wc -l)" \
		"2026-01-10T22:00:00.000000Z 2026-01-12T01:00:00.000000Z  28"
	is "null where nothing was" "$(awk -F '\t' '$6 == 0 && $5 == "\\N"' null | wc -l)" 24
	is "and else what there is" "$(awk -F '\t' 'NR == 1 || $6 > 0' null | diff - none)" ""
	q $options --agg avg,count --fill previous >previous
	is "--fill previous" "$(awk -F '\t' '$6 == 0 { print $5 }' previous | sort -u)" "$(sed -n 3p none | cut -f5)"
	q $options --agg avg,count --fill linear >linear
	is "--fill linear: even steps between the neighbours" "$(awk -F '\t' '
		NR > 3 && NR < 28 { step = $5 - last; if (NR > 4 && (step - before > 1e-9 || before - step > 1e-9)) print; before = step }
		{ last = $5 }' linear)" ""
	is "which meet them" "$(sed -n '3p;28p' linear | cut -f1,5)" "$(sed -n '3p;4p' none | cut -f1,5)"
	is "before the first there is no neighbour" \
		"$(q --sensor south --from 2026-01-09T20:00:00Z --to 2026-01-09T23:00:00Z --bucket 1h --agg avg --fill linear --format csv | grep -c ',,')" 2
}

check_points() {
	is "--points keeps so many" "$(q --sensor north --type weather --points 50 --format csv | tail -n +2 | wc -l)" 50
	is "among them the first and the last" \
		"$(q --sensor south --points 20 --format csv | sed -n '2p;$p')" \
		"$(q --sensor south --quality usable --format csv | sed -n '2p;$p')"
	is "all of them are readings" "$(q --points 30 --format csv | sort >thinned; q --format csv | sort | comm -13 - thinned)" ""
	is "--points of each series" "$(q --type weather --points 40 --format csv | tail -n +2 | cut -d, -f3 | uniq -c | xargs)" "40 north 40 south"
}

# Records fed to tsdb-copy again are all known. Needs a server that takes COPY FROM STDIN.
check_records() {
	q --format r1 >records 2>err
	like "what a record cannot hold is left out, with a warning" "$(cat err)" "left out"
	is "readings of one sensor at one time are one record" "$(grep -c '	pump	north	' records)" 3
	is "with all metrics, exactly" "$(grep '12:00:00.000000Z	pump' records)" \
		"r1	0	2026-01-10T12:00:00.000000Z	2026-01-10T12:00:00.000000Z	pump	north	1	temperature=1e-07;2	state=\"idle\"	pressure=0.1"
	is "escaped as records are" "$(grep '13:00:00.000000Z	pump' records | cut -f8)" \
		'state="tab\\t, \\"quote\\", line\\n\\\\ü";3'
}
