# Sourced by tests of the dashboard on the database, after tap.sh: the same on both engines.
#
#   store_samples [OPTION...]   by tsdb-copy: what the dashboard is to find
#   dashboard_checks            each SQL of sensors.json, as Grafana sends it, returns rows

# Three days, silent since: rollups, a bad reading, and a sensor to be missed. An anomaly, as sensor-anomaly --events tells it.
store_samples() {
	local hours seq=0
	{
		for hours in 70 50 26 25 24; do
			printf 'r1\t%s\t%s\t%s\tclimate\tquiet\t1\ttemperature=%s\tmode="auto"\n' $((++seq)) \
				"$(date -u +%FT%TZ)" "$(date -u -d "-$hours hours" +%FT%TZ)" "$hours"
		done
		printf 'r1\t%s\t%s\t%s\tclimate\tquiet\t1\ttemperature=99;4\n' $((++seq)) "$(date -u +%FT%TZ)" \
			"$(date -u -d '-27 hours' +%FT%TZ)"
		printf 'r1\t%s\t%s\t%s\tanomaly\tquiet\t1\t%s\n' \
			$((++seq)) "$(date -u +%FT%TZ)" "$(date -u -d '-10 minutes' +%FT%TZ)" \
			$'temperature.score=0.97\ttemperature.kind="spike"\ttemperature.value=40\ttemperature.expected=21'
	} | tsdb-copy --source samples "$@"
}

# as_grafana SQL: the query with macros and variables replaced as Grafana's PostgreSQL datasource does.
as_grafana() {
	sed -E -e "s/\\\$__timeFilter\(([^)]*)\)/\1 BETWEEN '$from' AND '$upto'/g" \
		-e "s/\\\$__timeFrom\(\)/'$from'/g; s/\\\$__timeTo\(\)/'$upto'/g" \
		-e "s/\\\$__interval_ms\b/60000/g; s/\\\$__interval\b/60s/g" \
		-e "s/\\\$\{type(:sqlstring)?\}/$type/g; s/\\\$\{sensor(:sqlstring)?\}/$sensor/g" \
		-e "s/\\\$\{metric(:sqlstring)?\}/$metric/g; s/\\\$\{silent\}/1 hour/g"
}

dashboard_checks() {
	local now from upto type sensor metric query name span hours
	now=$(date -u +%s)
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
		if [ "$name" = Anomalies ]; then is "one with all that is told of it" "$(cut -d '|' -f 2- rows)" 'quiet|temperature|spike|0.97|40|21'; fi
		is "$name: nothing is left to replace" "$(grep -o '\$[_{a-z].*' query.sql)" ""
	done <queries
	# By the span that is asked for, one of three finds the values: as measured, by hour, by day.
	for span in "30 3" "200 5" "9000 $(for hours in 70 50 26 25 24; do date -u -d "-$hours hours" +%F; done | sort -u | wc -l)"; do
		from=$(date -u -d @$((now - ${span% *} * 3600)) +%FT%TZ)
		jq -r '.panels[] | select(.title == "Values") | .targets[].rawSql' "$root/pipelines/grafana/sensors.json" | as_grafana >query.sql
		is "values of ${span% *} hours" "$(psql -qAtX -f query.sql | wc -l)" "${span#* }"
	done
}
