#!/bin/bash
# Dashboards and alerts hold: JSON that Grafana can import anywhere, PromQL that parses, alerts that are explained in the
# manual and fire for what they are about, next to which they stay silent.
. "${0%/*}/../lib/tap.sh"
command -v jq >/dev/null || skip_all "jq is not installed"
alerts=$root/pipelines/prometheus/alerts.yml page=$root/man/sensorpipe-monitoring.7

for file in "$root"/pipelines/grafana/*.json; do
	name=${file##*/}
	check "$name is JSON" jq -e . "$file"
	is "$name: the ids of its panels are unique" "$(jq '[.panels[].id] | group_by(.)[] | select(length > 1) | .[0]' "$file")" ""
	check "$name: for Grafana 10, with a name of its own in links" \
		jq -e ".schemaVersion >= 36 and .uid == \"sensorpipe-${name%.json}\" and .id == null" "$file"
	is "$name: no datasource but the one that is chosen" \
		"$(jq -r '.. | objects | .datasource? // empty | .uid' "$file" | sort -u | grep -vxF -e '-- Grafana --' -e "\${datasource}")" ""
	is "$name: every panel has one, and tells what it shows" \
		"$(jq -r '.panels[] | select(.type != "row" and (.datasource.uid != "${datasource}" or (.description | length) < 20)) | .title' "$file")" ""
	is "$name: no two panels overlap" "$(jq -r '[.panels[] | .gridPos as $g | range($g.y; $g.y + $g.h) as $y |
		range($g.x; $g.x + $g.w) as $x | "\($x) \($y)"] | group_by(.)[] | select(length > 1) | .[0]' "$file")" ""
	is "$name: variables are those that there are" "$(jq -r '.. | strings' "$file" | grep -oE '\$\{?[a-z]+' | tr -d '${' | sort -u |
		grep -vxF "$(jq -r '.templating.list[].name' "$file")")" ""
done

# in_page TOOL...: the metrics in these sections of the page.
in_page() {
	local tool
	for tool; do sed -n "/^\.Ss $tool\$/,/^\.El\$/s/^\.It Li sensorpipe_\([a-z_]*\).*/\1/p" "$page"; done | sort -u
}
# registered FILE...: the metrics that these sources register.
registered() {
	perl -0777 -ne 'while (/metrics_(?:counter|gauge|histogram)\(\s*[^,"]+,\s*"([a-z_]+)"/g) { print "$1\n" }
		while (/"([a-z_]+_total)"/g) { print "$1\n" }' "$@" | sort -u
}
for tool in "$root"/cmd/*; do
	mapfile -t sources < <(find "$tool" -name '*.c')
	tool=${tool##*/}
	registered "${sources[@]}" >registered
	section=$tool
	case $tool in tsdb-admin) section="tsdb-admin maintain" ;; metrics-serve) continue ;; esac
	is "$tool: the manual has its metrics, and no others" "$(in_page "$section")" "$(cat registered)"
done
is "the manual has those of every tool" "$(in_page "Of every tool")" "$(registered "$root"/lib/observe/metrics.c)"

awk '/- alert:/ { print $3 }' "$alerts" >names
check "there are alerts" eval '[ "$(wc -l <names)" -ge 10 ]'
for key in expr for severity summary runbook; do
	is "each alert has $key" "$(grep -cE "^ +(labels: \{)?$key: " "$alerts")" "$(wc -l <names)"
done
while read -r name; do
	check "$name: its runbook" grep -qF "runbook: \"man sensorpipe-monitoring, $name\"" "$alerts"
	check "$name is in the manual" grep -qx ".It Li $name" "$page"
done <names
is "the manual knows no others" "$(sed -n 's/^\.It Li \(Sensorpipe.*\)/\1/p' "$page" | sort)" "$(sort names)"

if command -v promtool >/dev/null; then
	check "promtool takes the alerts" promtool check rules "$alerts"
	sed "s|ALERTS|$alerts|" "$root/tests/lint/alerts.yml" >tests.yml
	check "each fires, and stays silent next to it" promtool test rules tests.yml
	is "of each that is tested" "$(grep -oE 'alertname: Sensorpipe[A-Za-z]+' tests.yml | sort -u | cut -d ' ' -f 2)" "$(sort names)"
	# A rule for each query of the dashboard, with its variables replaced.
	jq -r '"groups: [{name: x, rules: [", ([.panels[].targets[]?.expr, .annotations.list[].expr] | map(select(.)) | to_entries[] |
		"{record: \"x\(.key)\", expr: \(.value | tojson)},"), "]}]"' "$root/pipelines/grafana/operations.json" |
		sed -e 's/\$__rate_interval/1m/g; s/\$worker/.*/g' >rules.yml
	check "promtool takes the queries of operations.json" promtool check rules rules.yml
else
	skip "promtool takes alerts and queries" "promtool is not installed (Debian: prometheus, which starts a service)"
fi
finish
