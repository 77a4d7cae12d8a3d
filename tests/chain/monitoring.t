#!/bin/bash
# What sensorpipe-monitoring(7), the dashboards and the alerts speak of is what the tools tell: a chain runs, its metrics
# are the table of the page, each name in a query is one of them, and each SQL of the dashboard returns rows.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/dashboard-checks.sh"
one_day 30
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

check "some readings of days ago are stored" store_samples
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

# A stage that hangs shows: its file gets old, while those with nothing to do go on; what it holds up succeeded earlier
# than those before it.
look() { metrics-serve --print --quiet run >metrics; }
# age TOOL, success TOOL: seconds.
age() { sed -nE "s/^sensorpipe_metrics_file_age_seconds\{worker=\"w1\",file=\"$1.prom\"\} //p" metrics; }
success() { sed -nE "s/^sensorpipe_last_success_time_seconds\{worker=\"w1\",.*tool=\"$1\"\} //p" metrics; }
holds() { awk "BEGIN { exit !($1) }"; }
# What was done is noted within a second.
settled() { look && holds "$(success tsdb-copy) > 0 && $(date +%s.%N) > $(success tsdb-copy) + 2.2"; }
check "what came before is noted" wait_for 20 settled
validate=$(pgrep -s "$ingest" -x sensor-validate)
kill -STOP "$validate"
sensor-sim --count 1 --seed 6 2>sim.err | mqtt-pub5 --quiet -h 127.0.0.1 -p "$MQTT_PORT" --metrics run/w1/mqtt-pub5.prom
stalled() {
	look || return
	for tool in mqtt-sub5 mqtt-replay sensor-decode tsdb-copy; do
		holds "$(age sensor-validate) > $(age "$tool") + 1.5" || return
	done
	holds "$(success sensor-decode) > $(success tsdb-copy)"
}
check "a stage that hangs: its file gets old, others do not, and those behind it have no success" wait_for 20 stalled
kill -CONT "$validate"
caught_up() { look && holds "$(age sensor-validate) < 1.5 && $(success tsdb-copy) > $(success sensor-decode)"; }
check "until it goes on" wait_for 20 caught_up
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
# Sections of tools that are no part of this chain are compared with their sources by lint/monitoring.t.
sed -E '/^\.Ss (sensor-anomaly|fw-[a-z]+)$/,/^\.El$/d' "$root/man/sensorpipe-monitoring.7" >page
sed -n '/^\.Sh METRICS/,/^\.Sh THE ALERTS/s/^\.It Li \(sensorpipe_[a-z_]*\).*/\1/p' page | sort >in_page
is "the page has all metrics, and no others" "$(diff families in_page)" ""

# ---- queries ----
mkdir images
check "a firmware server tells, too" fw-serve --quiet --metrics fw-serve.prom images </dev/null
sed -nE 's/^(sensorpipe_[a-z_]+).*/\1/p' metrics fw-serve.prom | sort -u >names
for file in grafana/operations.json prometheus/alerts.yml; do
	grep -oE 'sensorpipe_[a-z_]+' "$root/pipelines/$file" | sort -u >used
	check "$file uses metrics" eval '[ "$(wc -l <used)" -gt 15 ]'
	is "$file: each of them is told by a tool" "$(comm -23 used names)" ""
	# Of a label and a value that a query asks for by name.
	grep -oE '\b(outcome|path|code|tool)=\\?"[a-z0-9-]+' "$root/pipelines/$file" | tr -d '\\' | sort -u >asked
	is "$file: so is each label" "$(while read -r label; do grep -qF "$label\"" metrics || echo "$label"; done <asked)" ""
done

dashboard_checks
finish
