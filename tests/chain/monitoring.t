#!/bin/bash
# What sensorpipe-monitoring(7), the dashboards and the alerts speak of is what the tools tell: a chain runs, its metrics
# are the table of the page, each name in a query is one of them, and each SQL of the dashboard returns rows.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
ingest=
cleanup() {
	if [ -n "$ingest" ]; then pkill -KILL -s "$ingest"; fi
	services_end
}
services_begin "$work/services"
start_postgres fsync=off && start_broker || { flunk "services start"; finish; }
check "tsdb-admin init" tsdb-admin init

# ---- a chain, and all that is told of it ----
mkdir -p run/{w1,maintain,json,infer}
export SPOOL=$work/spool SOURCE=w1 REJECTS=$work METRICS=$work/run/w1
setsid "$root/pipelines/ingest" -h 127.0.0.1 -p "$MQTT_PORT" -t 'sensors/#' -q 1 -i w1 2>ingest.err &
ingest=$!
check "the worker subscribes" wait_for 20 grep -q subscribed ingest.err
sensor-sim --count 2000 --errors 5 --seed 4 --interval 0.1 --start "$(date -u -d -3min +%FT%TZ)" 2>sim.err |
	mqtt-pub5 -h 127.0.0.1 -p "$MQTT_PORT" --metrics run/w1/mqtt-pub5.prom 2>publish.err
spooled() { [ "$(cat "$SPOOL"/*.m1 | wc -l)" = 2000 ]; }
check "all arrive in the spool" wait_for 60 spooled
check "and in the database" wait_for 60 tsdb-admin lag --spool "$SPOOL" --max-messages 0 "$SOURCE"

# Three days, silent since: rollups, and a sensor to be missed. An anomaly, as sensor-anomaly --events tells it.
{
	for hours in 70 50 26 25 24; do
		printf 'r1\t0\t%s\t%s\tclimate\tquiet\t1\ttemperature=%s\tmode="auto"\n' "$(date -u +%FT%TZ)" \
			"$(date -u -d "-$hours hours" +%FT%TZ)" "$hours"
	done
	printf 'r1\t0\t%s\t%s\tanomaly\tquiet\t1\tmetric="temperature"\tkind="spike"\tscore=0.97\tvalue=40\texpected=21\n' \
		"$(date -u +%FT%TZ)" "$(date -u -d '-10 minutes' +%FT%TZ)"
} | tsdb-copy --source extra 2>copy.err
check "the extra readings are stored" grep -q 'stored 6,' copy.err
check "maintenance tells of its run" tsdb-admin --quiet maintain --metrics run/maintain/tsdb-admin.prom
first=$(cat run/maintain/tsdb-admin.prom)
check "a run that only looks" eval 'tsdb-admin --dry-run maintain >steps'
is "tells nothing" "$(cat run/maintain/tsdb-admin.prom)" "$first"
fails "nor is it asked to" 64 tsdb-admin --dry-run maintain --metrics x.prom
fails "metrics of another command" 64 tsdb-admin status --metrics x.prom
# What else sensor-validate does.
echo '{}' >any.json
echo 1 | sensor-validate --quiet --json --schema any.json --metrics run/json/sensor-validate.prom >answers
head -n 1 "$SPOOL"/*.m1 | sensor-decode --quiet 2>decode.err |
	sensor-validate --quiet --infer --metrics run/infer/sensor-validate.prom >proposed 2>infer.err

# A stage with nothing to do says that it lives: a file that is younger than what it was last given.
sleep 1.2
metrics-serve --print --quiet run >metrics
like "files are young while nothing comes" "$(grep 'file_age_seconds{worker="w1"' metrics | grep -v pub5)" '.'
is "all of them" "$(awk '/file_age_seconds\{worker="w1"/ && !/pub5/ && $2 > 3' metrics)" ""
kill -TERM "$ingest"
wait "$ingest"
is "the chain ends with 0" $? 0
ingest=
is "every tool told of its last success" \
	"$(sed -nE 's/^sensorpipe_last_success_time_seconds\{.*tool="([^"]*)".*\} [1-9].*/\1/p' metrics | sort -u | xargs)" \
	"mqtt-pub5 mqtt-replay mqtt-sub5 sensor-decode sensor-validate tsdb-admin tsdb-copy"
if command -v promtool >/dev/null; then
	check "promtool finds nothing wrong with them" eval 'promtool check metrics <metrics >said 2>&1 && [ ! -s said ]'
else
	skip "promtool finds nothing wrong with them" "promtool is not installed (Debian: prometheus, which starts a service)"
fi
sed -nE 's/^# TYPE ([a-z_]+) .*/\1/p' metrics | sort >families
is "each has a help and a type" "$(sed -nE 's/^# HELP ([a-z_]+) [A-Z0-9].*\.$/\1/p' metrics | sort)" "$(cat families)"
is "counters end in _total, and nothing else does" \
	"$(sed -nE 's/^# TYPE ([a-z_]+) (.*)/\1 \2/p' metrics | awk '($1 ~ /_total$/) != ($2 == "counter")')" ""

# ---- the page ----
sed -n '/^\.Sh METRICS/,/^\.Sh THE ALERTS/s/^\.It Li \(sensorpipe_[a-z_]*\).*/\1/p' "$root/man/sensorpipe-monitoring.7" | sort >in_page
is "the page has all metrics, and no others" "$(diff families in_page)" ""

# ---- queries ----
sed -nE 's/^(sensorpipe_[a-z_]+).*/\1/p' metrics | sort -u >names
for file in grafana/operations.json prometheus/alerts.yml; do
	grep -oE 'sensorpipe_[a-z_]+' "$root/pipelines/$file" | sort -u >used
	check "$file uses metrics" eval '[ "$(wc -l <used)" -gt 15 ]'
	is "$file: each of them is told by a tool" "$(comm -23 used names)" ""
	# Of a label and a value that a query asks for by name.
	grep -oE '\b(outcome|path|code|tool)=\\?"[a-z0-9-]+' "$root/pipelines/$file" | tr -d '\\' | sort -u >asked
	is "$file: so is each label" "$(while read -r label; do grep -qF "$label\"" metrics || echo "$label"; done <asked)" ""
done

# as_grafana SQL: the query with macros and variables replaced as Grafana's PostgreSQL datasource does.
now=$(date -u +%s)
as_grafana() {
	sed -E -e "s/\\\$__timeFilter\(([^)]*)\)/\1 BETWEEN '$from' AND '$upto'/g" \
		-e "s/\\\$__timeFrom\(\)/'$from'/g; s/\\\$__timeTo\(\)/'$upto'/g" \
		-e "s/\\\$__interval_ms\b/60000/g; s/\\\$__interval\b/60s/g" \
		-e "s/\\\$\{type(:sqlstring)?\}/$type/g; s/\\\$\{sensor(:sqlstring)?\}/$sensor/g" \
		-e "s/\\\$\{metric(:sqlstring)?\}/$metric/g; s/\\\$\{silent\}/1 hour/g"
}
type="'climate'" sensor="'quiet'" metric="'temperature'"
from=$(date -u -d @$((now - 80 * 3600)) +%FT%TZ) upto=$(date -u -d @$((now + 60)) +%FT%TZ)
jq -r '(.templating.list[] | select(.type == "query") | ["variable " + .name, .query]),
	(.annotations.list[] | select(.target.rawSql) | ["events " + .name, .target.rawSql]),
	(.panels[] | .title as $title | .targets[]? | [$title, .rawSql]) | @base64' \
	"$root/pipelines/grafana/sensors.json" >queries
check "sensors.json has queries" eval '[ "$(wc -l <queries)" -ge 10 ]'
while read -r query; do
	name=$(base64 -d <<<"$query" | jq -r '.[0]')
	base64 -d <<<"$query" | jq -r '.[1]' | as_grafana >query.sql
	check "$name: returns rows" eval 'psql -qAtX -v ON_ERROR_STOP=1 -f query.sql >rows && [ -s rows ]'
	is "$name: nothing is left to replace" "$(grep -o '\$[_{a-z].*' query.sql)" ""
done <queries
# By the span that is asked for, one of three finds the values.
for hours in 30 200 9000; do
	from=$(date -u -d @$((now - hours * 3600)) +%FT%TZ)
	jq -r '.panels[] | select(.title == "Values") | .targets[].rawSql' "$root/pipelines/grafana/sensors.json" | as_grafana >query.sql
	check "values of $hours hours" eval 'psql -qAtX -v ON_ERROR_STOP=1 -f query.sql >rows && [ -s rows ]'
done
finish
