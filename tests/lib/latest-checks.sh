# Sourced by the tests of latest readings: what holds on every engine, after `tsdb-admin init`, schema-checks.sh sourced.

# fleet SEED N: readings of 20 sensors in random order, of the last two days; one in ten has the time of the one before.
fleet() {
	awk -v OFS='\t' -v seed="$1" -v n="$2" -v now="$(date +%s)" 'BEGIN {
		srand(seed)
		at = now
		received = strftime("%Y-%m-%dT%H:%M:%S.000000Z", now, 1)
		for (i = 0; i < n; i++) {
			if (rand() < 0.9) at = now - int(rand() * 172800)
			print "r1", 0, received, strftime("%Y-%m-%dT%H:%M:%S.000000Z", at, 1), "climate", "f-" int(rand() * 20), 1,
				"a=" int(rand() * 1000) (rand() < 0.1 ? ";4" : ""), "b=" int(rand() * 10), "t=\"x\""
		}
	}'
}
# one SENSOR TIME VALUE: a reading at a time that date(1) understands.
one() {
	local received time
	received=$(date -u +%FT%T.000000Z) time=$(date -u -d "$2" +%FT%T.000000Z)
	printf 'r1\t0\t%s\t%s\tclimate\t%s\t1\ta=%s\n' "$received" "$time" "$1" "$3"
}
# latest SENSOR: value and quality of its latest reading.
latest() {
	sql "SELECT value || ';' || quality FROM readings_latest WHERE sensor = '$1' AND metric = 'a'"
}
# wrong_latest: how many series have another latest reading than what a look at all of them gives.
wrong_latest() {
	local all='SELECT DISTINCT ON (sensor_id, metric_id) sensor_id, metric_id, time, value, quality
		FROM sensor_readings ORDER BY sensor_id, metric_id, time DESC'
	sql "SELECT count(*) FROM ((($all) EXCEPT TABLE series_latest) UNION ALL (TABLE series_latest EXCEPT ($all))) AS d"
}

# check_latest OPTION...: what tsdb-copy stores, kept and replaced. The options choose the way in.
check_latest() {
	local n
	for n in 1 2 3; do
		check "readings in random order, part $n" eval "fleet $n 2000 | tsdb-copy --quiet --reject l.x1 --max-batch 700 $*"
		is "the latest of each series is kept" "$(wrong_latest)" 0
	done
	one k '-10 minutes' 1 >k.r1
	rm -f k.x1
	check "a reading" tsdb-copy --quiet "$@" <k.r1
	is "is the latest" "$(latest k)" '1;1'
	one k '-1 hour' 2 | check "an older one" tsdb-copy --quiet "$@"
	is "is not" "$(latest k)" '1;1'
	sed 's/a=1/a=3/' k.r1 | check "another value at its time" tsdb-copy --quiet --reject k.x1 "$@"
	is "is a conflict: what is stored is the latest" "$(cut -f4 k.x1) $(latest k)" 'conflict 1;1'
	cut -f6- k.x1 | check "which replaces it where that is asked for" tsdb-copy --quiet --on-conflict replace "$@"
	is "and then is the latest" "$(latest k)" '3;1'
	is "so it is of every series" "$(wrong_latest)" 0
}

# check_repair: what nobody noted is found by maintain, wherever it is.
check_repair() {
	one h '-3 hours' 1 | check "a reading of some hours ago" tsdb-copy --quiet --copy-min 1000000
	check "maintain" tsdb-admin --quiet maintain
	sql "UPDATE latest_state SET repaired_to = repaired_to - interval '6 hours';
		INSERT INTO sensor_readings (time, value, sensor_id, metric_id, quality)
		SELECT now() - interval '170 minutes', 2, sensor_id, metric_id, 3
		FROM sensors, metrics WHERE sensors.name = 'h' AND metrics.name = 'a'"
	is "a newer one by another writer is not seen" "$(latest h)" '1;1'
	check "maintain" tsdb-admin maintain
	like "finds it" "$(cat err)" 'latest readings: 1 repaired'
	is "then it is" "$(latest h)" '2;3'

	one n '-50 hours' 1 | check "a reading of days ago" tsdb-copy --quiet --copy-min 1000000
	check "maintain" tsdb-admin --quiet maintain
	late "INSERT INTO sensor_readings (time, value, sensor_id, metric_id, quality)
		SELECT now() - interval '40 hours', 2, sensor_id, metric_id, 1
		FROM sensors, metrics WHERE sensors.name = 'n' AND metrics.name = 'a'" >/dev/null
	is "a newer one that was noted as late" "$(latest n)" '1;1'
	check "maintain" tsdb-admin --quiet maintain
	is "is found when the note is taken" "$(latest n)" '2;1'
	is "the latest readings are right again" "$(wrong_latest)" 0
}

# check_silent: a series whose readings are gone keeps its latest, until it is renewed.
check_silent() {
	local id
	id=$(sql "SELECT sensor_id FROM sensors WHERE name = 'k'")
	sql "DELETE FROM sensor_readings WHERE sensor_id = $id AND value = 3"
	check "maintain" tsdb-admin --quiet maintain
	is "a reading that was deleted stays the latest" "$(latest k)" '3;1'
	is "renew_latest() counts" "$(sql "SELECT renew_latest($id)")" 1
	is "and takes what is stored" "$(latest k)" '2;1'
	sql "DELETE FROM sensor_readings WHERE sensor_id = $id"
	is "of nothing" "$(sql "SELECT renew_latest($id)")$(latest k)" 0
	is "the others are as they were" "$(wrong_latest)" 0
}

# previous_schema: the SQL of the schema as it was before it kept the latest readings, for a database that has none.
previous_schema() {
	tsdb-admin init --dry-run --quiet 2>/dev/null | awk '
		{ step = step $0 "\n" }
		/^INSERT INTO schema_migrations/ {
			version = $0
			sub(/.*VALUES \(/, "", version)
			if (version + 0 >= 70) exit
			printf "%s", step
			step = ""
		}
		END { print "COMMIT;" }'
}

# check_migration: what is there when the schema is migrated is in the table at once.
check_migration() {
	previous_schema >previous.sql
	check "the schema as it was" psql -XqAt -v ON_ERROR_STOP=1 -f previous.sql
	sql "SELECT register_sensors('{t,t,t,t,t}', '{a,b,c,d,e}', '{}'); SELECT register_metrics('{a,b}')" >/dev/null
	sql "$(random_readings 2000 "now() - interval '3 days'" "now()")"
	is "finds the latest readings" "$(wrong_latest)" 0
	check "migrate" tsdb-admin --quiet migrate
	is "so does the schema as it is" "$(wrong_latest)" 0
	is "of every series" "$(sql "SELECT count(*) FROM latest_readings")" 10
	check "maintain" tsdb-admin --quiet maintain
}
