#!/bin/bash
# Scores and events in the database: stored once, found by name, every message settled.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/schema-checks.sh"
cleanup() { services_end; }
services_begin "$work/db"
start_postgres fsync=off || skip_all "PostgreSQL does not start"
check "tsdb-admin init" tsdb-admin --quiet init

# Two values of a sensor every minute of the last ten hours, each message in two records; a spike in both at once.
awk -v now="$(date +%s)" -v OFS='\t' 'BEGIN {
	srand(5)
	for (i = 1; i <= 600; i++) {
		t = strftime("%Y-%m-%dT%H:%M:00.000000Z", now - 36000 + 60 * i)
		spike = i == 500 ? 40 : 0
		print "r1", i "+", t, t, "climate", "c-1", "1", "temperature=" 20 + rand() / 3 + spike ";1;Cel", "humidity=" 40 + rand() / 3 + spike
		print "r1", i, t, t, "power", "p-1", "1", "voltage=" 230 + rand()
	} }' >readings

sensor-anomaly --quiet --state state --exclude voltage <readings >scored
check "scores are stored" tsdb-copy --source scores <scored
like "beside the values" "$(cat err)" 'received 1200, stored 1200, '
is "by name" "$(sql "SELECT metric, count(*), count(*) FILTER (WHERE value >= 0.5) FROM readings
	WHERE metric LIKE '%.anomaly' GROUP BY metric ORDER BY metric" | xargs)" 'humidity.anomaly|600|1 temperature.anomaly|600|1'
before=$(sql "SELECT count(*), sum(value) FROM sensor_readings")
sensor-anomaly --quiet --state state --exclude voltage <readings | check "a replay after a crash" tsdb-copy --reject dead
is "stores nothing twice" "$(sql "SELECT count(*), sum(value) FROM sensor_readings")" "$before"
is "and has no conflict" "$(cat dead)" ''

sensor-anomaly --quiet --events <readings | sensor-validate --quiet --strict --schemas "$root/pipelines/schemas" >events
is "a message with events, others without" "$(cut -f1,2 events | sort | uniq -c | awk '{ print $1, $2, $3 }' | grep -v '^1 s1')" '2 r1 500+'
check "events are stored" tsdb-copy --source events <events
like "and all messages are settled" "$(cat err)" 'received 602, stored 2, .* skipped 600,'
is "by the watermark" "$(tsdb-admin watermark events)" 600
is "the numbers of both" "$(sql "SELECT metric, round(value) FROM readings WHERE type = 'anomaly' AND sensor = 'c-1'
	AND metric ~ 'value|expected' ORDER BY metric" | xargs)" \
	'humidity.expected|40 humidity.value|80 temperature.expected|20 temperature.value|60'
is "and their kinds" "$(sql "SELECT DISTINCT value FROM sensor_texts t JOIN metrics m USING (metric_id) WHERE m.name LIKE '%.kind'")" spike
finish
