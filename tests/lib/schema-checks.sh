# Sourced by the tests of tsdb-admin: what holds on every engine, after `tsdb-admin init`.

sql() {
	psql -XqAt -v ON_ERROR_STOP=1 -c "$1"
}

# Ids come in the order of the input, are dense, and stay.
check_register() {
	is "new sensors get the next ids, in input order" \
		"$(sql "SELECT string_agg(sensor_id::text, ' ') FROM register_sensors(
			'{weather,weather,pump,weather}', '{north,south,north,north}', '{1,1,NULL,2}')")" \
		"1 2 3 1"
	is "known sensors keep theirs, and no id is burnt in between" \
		"$(sql "SELECT string_agg(sensor_id::text, ' ') FROM register_sensors(
			'{pump,pump,weather}', '{east,north,north}', '{7,NULL,NULL}')")" \
		"4 3 1"
	is "the last schema version given stays; null leaves it" \
		"$(sql "SELECT string_agg(concat_ws(':', type, name, schema), ' ' ORDER BY sensor_id) FROM sensors")" \
		"weather:north:2 weather:south:1 pump:north pump:east:7"
	is "metrics get ids in input order" \
		"$(sql "SELECT string_agg(metric_id::text, ' ') FROM register_metrics('{temperature,on,temperature}')")" \
		"1 2 1"
	is "known metrics keep theirs" \
		"$(sql "SELECT string_agg(metric_id::text, ' ') FROM register_metrics('{pressure,on}')")" \
		"3 2"
}

# Rows of two days long ago, so that every engine stores them where it stores late data.
fill_readings() {
	sql "INSERT INTO sensor_readings (time, value, sensor_id, metric_id, quality) VALUES
		('2026-01-10 00:00:00Z', 10, 1, 1, 1),
		('2026-01-10 00:59:59Z', 14, 1, 1, 3),
		('2026-01-10 00:30:00Z', 99, 1, 1, 4),
		('2026-01-10 00:31:00Z', 1e300, 1, 1, 1),
		('2026-01-10 01:00:00Z', -2, 1, 1, 2),
		('2026-01-11 12:00:00Z', 20, 1, 1, 1),
		('2026-01-10 12:00:00Z', 1, 3, 2, 1),
		('2026-01-10 12:00:01Z', 5, 4, 3, 4)"
	sql "INSERT INTO sensor_texts (time, value, sensor_id, metric_id, quality) VALUES
		('2026-01-10 12:00:00Z', 'idle', 3, 2, 1)"
	sql "SELECT look_up_latest('{1,3,4}', '{1,2,3}')" >/dev/null
	sql "UPDATE metrics SET unit = '°C' WHERE name = 'temperature'"
}

check_views() {
	is "readings: names instead of ids" \
		"$(sql "SELECT * FROM readings WHERE sensor = 'north' AND type = 'pump'")" \
		"2026-01-10 12:00:00+00|pump|north|on|1||1"
	is "readings_text" \
		"$(sql "SELECT * FROM readings_text")" \
		"2026-01-10 12:00:00+00|pump|north|on|idle|1"
	is "series_readings: by id" \
		"$(sql "SELECT * FROM series_readings WHERE sensor_id = 3")" \
		"3|2|2026-01-10 12:00:00+00|1|1"
	is "readings_latest: one row a series, the latest" \
		"$(sql "SELECT * FROM readings_latest ORDER BY type, sensor, metric")" \
		"2026-01-10 12:00:01+00|pump|east|pressure|5||4
2026-01-10 12:00:00+00|pump|north|on|1||1
2026-01-11 12:00:00+00|weather|north|temperature|20|°C|1"
	check_rollups "rollups of fresh readings"
}

# check_rollups NAME: the buckets of sensor 1 and of a series of nothing but failed readings.
check_rollups() {
	is "$1: readings_hourly" \
		"$(sql "SELECT bucket, count, sum, min, max, first, last, sum_of_squares, failed
			FROM readings_hourly WHERE sensor_id = 1 ORDER BY bucket")" \
		"2026-01-10 00:00:00+00|2|24|10|14|10|14|296|2
2026-01-10 01:00:00+00|1|-2|-2|-2|-2|-2|4|0
2026-01-11 12:00:00+00|1|20|20|20|20|20|400|0"
	is "$1: readings_daily" \
		"$(sql "SELECT bucket, count, sum, min, max, first, last, sum_of_squares, failed
			FROM readings_daily WHERE sensor_id = 1 ORDER BY bucket")" \
		"2026-01-10 00:00:00+00|3|22|-2|14|10|-2|300|2
2026-01-11 00:00:00+00|1|20|20|20|20|20|400|0"
	is "$1: readings_by_hour has mean and sample standard deviation" \
		"$(sql "SELECT hour, sensor, metric, unit, count, avg, round(stddev::numeric, 6), failed
			FROM readings_by_hour WHERE type = 'weather' ORDER BY hour LIMIT 2")" \
		"2026-01-10 00:00:00+00|north|temperature|°C|2|12|2.828427|2
2026-01-10 01:00:00+00|north|temperature|°C|1|-2||0"
	is "$1: the standard deviation is that of the readings" \
		"$(sql "SELECT count(*) FROM readings_by_day AS d WHERE stddev IS NOT NULL AND
			abs(stddev - (SELECT stddev_samp(value) FROM readings AS r
				WHERE r.type = d.type AND r.sensor = d.sensor AND r.metric = d.metric
				AND r.time >= d.day AND r.time < d.day + interval '1 day'
				AND quality < 4 AND value < 1e100)) < 1e-9")" \
		1
	is "$1: failed readings are only counted" \
		"$(sql "SELECT sensor, count, avg, stddev, min, failed FROM readings_by_day WHERE sensor = 'east'")" \
		"east|0||||1"
}

check_watermark() {
	is "an unknown source's watermark is 0" "$(tsdb-admin watermark gateway-1)" 0
	sql "INSERT INTO ingest_watermarks (source, seq) VALUES ('gateway-1', 1767225600000042)"
	is "the watermark alone on stdout" "$(tsdb-admin watermark gateway-1)" 1767225600000042
	is "a name is data, not SQL" "$(tsdb-admin watermark "x' OR '1'='1")" 0
}

# check_status ENGINE: the numbers of what fill_readings and the others put there.
check_status() {
	tsdb-admin status --json >status.json
	is "status --json: engine and schema version" \
		"$(jq -r '.database | [.engine, .missing_steps, .schema_version > 0] | join(" ")' status.json)" \
		"$1 0 true"
	is "status --json: what was counted, oldest and newest" \
		"$(jq -c '.readings | [.sensors, .metrics, .oldest_day, .newest, .newest_age_seconds > 0]' status.json)" \
		'[4,3,"2026-01-10","2026-01-11T12:00:00.000000Z",true]'
	is "status --json: watermarks" \
		"$(jq -c '.watermarks | map([.source, .seq, .age_seconds >= 0])' status.json)" \
		'[["gateway-1",1767225600000042,true]]'
	tsdb-admin status >status.txt
	like "status: a page for people" "$(cat status.txt)" "^  engine +$1\$"
	like "status: the watermark and its age" "$(cat status.txt)" \
		'^  gateway-1  1767225600000042  20[0-9-]+T[0-9:.]+Z  [0-9]+ (s|min)'
}

# recount UNIT: the rollups by hour or day counted anew out of all readings.
recount() {
	echo "SELECT date_trunc('$1', time, 'UTC') AS bucket, sensor_id, metric_id,
		count(good) AS count, sum(good) AS sum, min(good) AS min, max(good) AS max,
		(array_agg(good ORDER BY time) FILTER (WHERE good IS NOT NULL))[1] AS first,
		(array_agg(good ORDER BY time DESC) FILTER (WHERE good IS NOT NULL))[1] AS last,
		sum(good * good) AS sum_of_squares, count(*) - count(good) AS failed
	FROM (SELECT *, CASE WHEN quality < 4 AND abs(value) < 1e100 THEN value END AS good
		FROM series_readings) AS r
	GROUP BY 1, 2, 3"
}

# wrong_rollups: how many hours and days differ from what is counted anew, which are missing, or too many.
wrong_rollups() {
	sql "SELECT (SELECT count(*) FROM (($(recount hour) EXCEPT TABLE readings_hourly) UNION ALL
			(TABLE readings_hourly EXCEPT $(recount hour))) AS d),
		(SELECT count(*) FROM (($(recount day) EXCEPT TABLE readings_daily) UNION ALL
			(TABLE readings_daily EXCEPT $(recount day))) AS d)"
}

# random_readings N FROM TO [QUALITY]: so many at random times between two, of 5 sensors with 2 metrics; whole numbers,
# so that sums do not depend on the order.
random_readings() {
	echo "INSERT INTO sensor_readings (time, value, sensor_id, metric_id, quality)
		SELECT t.low + random() * (t.high - t.low), floor(random() * 1000),
			1 + floor(random() * 5), 1 + floor(random() * 2), ${4:-(ARRAY[1, 1, 1, 2, 3, 4, 9])[1 + floor(random() * 7)]}
		FROM generate_series(1, $1), (SELECT $2 AS low, $3 AS high) AS t
		ON CONFLICT DO NOTHING"
}

# late STATEMENT: runs it, which writes readings, and notes what it touches, as a writer does.
late() {
	sql "WITH rows AS ($1 RETURNING time, sensor_id, metric_id)
		SELECT note_touched(array_agg(time), array_agg(sensor_id), array_agg(metric_id)) FROM rows"
}
