# Sourced by the tests of conflicts in tsdb-copy: what holds on every engine, after `tsdb-admin init`.

sql() {
	psql -XqAt -v ON_ERROR_STOP=1 -c "$1"
}
# reading SEQ SECOND SENSOR METRIC=VALUE...
reading() {
	local seq=$1 time sensor=$3
	time=$(printf '2026-01-01T%02d:%02d:%02d.000000Z' $(($2 / 3600)) $(($2 / 60 % 60)) $(($2 % 60)))
	shift 3
	(IFS=$'\t'; printf 'r1\t%s\t%s\t%s\tclimate\t%s\t2\t%s\n' "$seq" "$time" "$time" "$sensor" "$*")
}
# series FIRST LAST STEP EXPRESSION: readings of sensor "many", one a minute over days, seq from FIRST; the
# value of a is the awk expression of i.
series() {
	awk -v OFS='\t' -v first="$1" -v last="$2" -v step="$3" 'BEGIN {
		for (i = first; i <= last; i += step) {
			t = strftime("%Y-%m-%dT%H:%M:00.000000Z", 1767225600 + 60 * i, 1)
			print "r1", i, t, t, "climate", "many", 2, "a=" ('"$4"')
		}
	}'
}
# counts [FILE]: the part of the summary that adds up.
counts() {
	grep -o 'received.*rows [0-9]*' "${1:-err}"
}
# stored SENSOR: its values and qualities.
stored() {
	sql "SELECT metric || '=' || value || ';' || quality FROM readings WHERE sensor = '$1'
		UNION ALL SELECT metric || '=' || value || ';' || quality FROM readings_text WHERE sensor = '$1'
		ORDER BY 1" | tr '\n' ' '
}
empty() {
	sql "TRUNCATE sensor_readings, sensor_texts, ingest_watermarks"
}

# check_conflicts NAME OPTION...: few readings. The options choose the way in.
check_conflicts() {
	local name=$1
	shift
	empty
	rm -f ./*.x1

	{
		reading 1 1 s a=1 't="on"'
		reading 2 1 s a=2
		reading 3 1 s 'a=1;4' 't="on"'
		reading 4 1 s 't="off"' b=1
	} >batch
	check "$name: conflicts within a batch" tsdb-copy "$@" --reject batch.x1 --metrics m.prom <batch
	is "$name: the first stays, equal ones are duplicates, others are rejected" "$(counts)" \
		"received 4, stored 1, duplicates 1, rejected 2, skipped 0, rows 3"
	is "$name: each is a dead letter that names the values" "$(cut -f3-5 batch.x1)" \
		"$(printf 'tsdb-copy\tconflict\t%s\n' 'a: 1 is stored, not 2' 't: "on" is stored, not "off"')"
	is "$name: and holds the record" "$(cut -f6- batch.x1)" "$(sed -n '2p;4p' batch)"
	is "$name: what is new of a rejected one is stored" "$(stored s)" 'a=1;1 b=1;1 t=on;1 '
	is "$name: the watermark passes them" "$(tsdb-admin watermark default)" 4
	is "$name: they are counted" "$(grep -o 'copy_conflicts_total{.*\|outcome="rejected"} .*' m.prom | tr '\n' ' ')" \
		'outcome="rejected"} 2 copy_conflicts_total{source="default"} 2 '

	{
		reading 5 1 s a=3 c=1
		reading 6 1 s a=1 'b=1;3'
		reading 7 1 s c=2 d=1 a=1
		reading 8 1 s a=4 'b=5' 't="broken"'
		reading 9 2 s a=1
	} >table
	check "$name: conflicts with the table" tsdb-copy "$@" --reject table.x1 <table
	is "$name: are told from duplicates and from what is new" "$(counts)" \
		"received 5, stored 1, duplicates 1, rejected 3, skipped 0, rows 3"
	is "$name: with the values" "$(cut -f4,5 table.x1)" "$(printf 'conflict\t%s\n' 'a: 1 is stored, not 3' \
		'c: 1 is stored, not 2' 'a: 1 is stored, not 4; 2 more of its metrics differ')"
	is "$name: nothing stored was changed" "$(stored s)" 'a=1;1 a=1;1 b=1;1 c=1;1 d=1;1 t=on;1 '
	is "$name: the watermark passes them, too" "$(tsdb-admin watermark default)" 9

	check "$name: the same again" tsdb-copy "$@" --reject again.x1 <table
	is "$name: ends the same, but for what is not new" "$(counts)" \
		"received 5, stored 0, duplicates 2, rejected 3, skipped 0, rows 0"
	is "$name: in the same dead letters" "$(cut -f3- again.x1)" "$(cut -f3- table.x1)"

	{ reading 10 1 s a=7; reading 11 1 s a=1; reading 12 1 s a=7; } |
		check "$name: values that repeat in a batch" tsdb-copy "$@" --reject repeat.x1
	is "$name: are each compared with the stored one" "$(counts)" \
		"received 3, stored 0, duplicates 1, rejected 2, skipped 0, rows 0"

	cut -f6- table.x1 | check "$name: the dead letters, to replace" \
		tsdb-copy "$@" --on-conflict replace --reject replace.x1 --metrics m.prom
	like "$name: are stored" "$(counts)" "received 3, stored 3, duplicates 0, rejected 0, skipped 0"
	is "$name: the last to arrive wins" "$(stored s)" 'a=1;1 a=4;1 b=5;1 c=2;1 d=1;1 t=broken;1 '
	is "$name: they are counted as conflicts" "$(grep -c 'copy_conflicts_total{source="default"} 3' m.prom)" 1

	{ reading 13 1 s 'a=5;3'; reading 14 1 s a=5; reading 15 1 s 'a=4;2' 'b=5;2' 't="broken";2'; } |
		check "$name: to replace, within a batch" tsdb-copy "$@" --on-conflict replace
	like "$name: every change counts as stored" "$(counts)" \
		"received 3, stored 2, duplicates 1, rejected 0, skipped 0"
	is "$name: the quality comes with the value, and stays with an equal one" "$(stored s)" \
		'a=1;1 a=4;2 b=5;1 c=2;1 d=1;1 t=broken;1 '
	is "$name: the watermark passes what replaced" "$(tsdb-admin watermark default)" 15

	{ reading 16 1 s 't="other"'; reading 17 2 s 't="new"'; } |
		check "$name: texts alone" tsdb-copy "$@" --reject text.x1
	is "$name: are stored or rejected" "$(counts)" \
		"received 2, stored 1, duplicates 0, rejected 1, skipped 0, rows 1"
	is "$name: with their values" "$(cut -f5 text.x1)" 't: "broken" is stored, not "other"'
}

# check_many_conflicts NAME OPTION...: more rows than a statement takes, over several days.
check_many_conflicts() {
	local name=$1
	shift
	empty
	rm -f ./*.x1
	series 1 12000 1 i >many
	series 1 12000 4000 -i >differ # three of them, one in the last slice

	cat many differ | check "$name: 12,000 readings and 3 conflicts" tsdb-copy "$@" --reject many.x1
	is "$name: in a batch" "$(counts)" "received 12003, stored 12000, duplicates 0, rejected 3, skipped 0, rows 12000"
	is "$name: have a dead letter each" "$(cut -f4,5 many.x1 | head -n 2)" \
		"$(printf 'conflict\t%s\n' 'a: 1 is stored, not -1' 'a: 4001 is stored, not -4001')"
	is "$name: the first values are stored" "$(sql "SELECT count(*), sum(value) FROM sensor_readings")" "12000|72006000"
	is "$name: the watermark is the last message" "$(tsdb-admin watermark default)" 12000

	sed '1s/a=1$/a=0/' many | check "$name: again, one of them different" tsdb-copy "$@" --source again --reject one.x1
	is "$name: it alone is rejected" "$(counts)" \
		"received 12000, stored 0, duplicates 11999, rejected 1, skipped 0, rows 0"
	is "$name: it alone is a dead letter" "$(cut -f4,5 one.x1)" "$(printf 'conflict\ta: 1 is stored, not 0')"
	is "$name: the watermark passes it" "$(tsdb-admin watermark again)" 12000
	series 1 12100 1 i | check "$name: again, and more" tsdb-copy "$@" --source again
	is "$name: what is new is stored" "$(counts)" \
		"received 12100, stored 100, duplicates 12000, rejected 0, skipped 0, rows 100"

	series 1 12100 1 '-i' | check "$name: all of them different, to replace" tsdb-copy "$@" --on-conflict replace --source over
	is "$name: are stored" "$(counts)" "received 12100, stored 12100, duplicates 0, rejected 0, skipped 0, rows 12100"
	is "$name: in place of the others" "$(sql "SELECT count(*), sum(value) FROM sensor_readings")" "12100|-73211050"
	is "$name: with the watermark" "$(tsdb-admin watermark over)" 12100
}
