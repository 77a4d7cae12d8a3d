# Sourced by lib.sh: the messages of a round, what must become of them, and what did (check.sql).

# generate LABEL FROM TO QOS EVERY: message records FROM to TO on standard output; what must become of
# them is appended to $round/published. One in EVERY is poison (0: none), the last never.
# Keys repeat after 25 million messages.
generate() {
	awk -v label="$1" -v from="$2" -v to="$3" -v qos="$4" -v every="$5" -v ledger="$round/published" \
		-v now="$(date -u +%FT%T.000000Z)" -v hour="$(date -u -d '2 hours ago' +%FT%H:)" '
	function member(n, more) {
		return "{\"value\":" n ",\"twin\":-" n more "}"
	}
	function put(n, sensor, fate, time, payload) {
		printf "m1\t0\t%s\tsensors/fault/%s\tq%d\tapplication/json\tschema=1&n=%d&time=%s\t%s\n", now, sensor, qos, n, time, payload
		print label "\t" n "\t" sensor "\t" time "\t" fate >>ledger
	}
	function poison(n, kind, time) {
		if (kind == 0) put(n, label "/white-" n, "stored", time, "{\\n\\t\"value\":" n ",\\r\\n\\t\"twin\":-" n "\\n}")
		else if (kind == 5) put(n, label "/old-" n, "rejected", "2001-01-01T00:00:00.000000Z", member(n))
		else put(n, label "/poison-" n, "rejected", time, poisons[kind] == "" ? member(n, ",\"pad\":\"" pad "\"") : poisons[kind])
	}
	BEGIN {
		for (pad = "                "; length(pad) < 65536;) pad = pad pad
		split("{\"value\":|" member(1, "\\x00") "|{\"value\":\"\\xff\"}|" member(1, ",\"note\":\"a\\nb\"") "||" \
			member(1, ",\"ts\":\"99999-01-01T00:00:00Z\"") "|" member("2e15") "|" member(1, ",\"surprise\":1") "|" \
			member(1, ",\"note\":\"a\\\\u0000b\"") "|" member(999999999) "|", poisons, "|")
		for (n = from; n <= to; n++) {
			time = sprintf("%s%02d:%02d.%03d000Z", hour, n / 60000 % 60, n / 1000 % 60, n % 1000)
			if (every && n < to && n % every == 0) poison(n, n / every % 12, time)
			else put(n, label "/" n % 7, "stored", time, member(n))
		}
	}'
}

# publish: publishes what generate wrote to $round/messages.m1, in the background; the records that the
# broker acknowledges are the ledger.
publish() {
	mqtt-pub5 -h 127.0.0.1 -p "$MQTT_PORT" --acknowledged --rate "$rate" --reject "$round/unpublished.x1" \
		<"$round/messages.m1" >"$round/acknowledged.m1" 2>"$round/log/mqtt-pub5" &
	publisher=$!
}

# letters FILE...: dead letters as label, sensor, message number (\N: unknown), code.
letters() {
	cat "$@" 2>/dev/null | awk -F'\t' -v OFS='\t' -v label="$label" '
	{
		n = "\\N"
		sensor = ""
		if ($6 == "m1") sensor = substr($9, length("sensors/fault/") + 1)
		if ($6 == "r1") sensor = $11
		if (match($0, /[&\t](n|value)=[0-9]+/)) {
			n = substr($0, RSTART, RLENGTH)
			sub(/.*=/, "", n)
		}
		print label, sensor, n, $4
	}'
}

# ledger_load: into the database, what is known now.
ledger_load() {
	sed -nE "s/.*[&\t]n=([0-9]+)&.*/$label\t\1/p" "$round/acknowledged.m1" >"$round/acknowledged"
	letters "$round"/rejects/*.x1 >"$round/letters"
	psql -XqAt -v ON_ERROR_STOP=1 <<-END
		BEGIN;
		DELETE FROM fault.published WHERE label = '$label';
		DELETE FROM fault.acknowledged WHERE label = '$label';
		DELETE FROM fault.letters WHERE label = '$label';
		\\copy fault.published FROM '$round/published'
		\\copy fault.acknowledged FROM '$round/acknowledged'
		\\copy fault.letters FROM '$round/letters'
		COMMIT;
		ANALYZE fault.published, fault.acknowledged, fault.letters;
	END
}

# verdicts: how many messages of each verdict.
verdicts() {
	sql "SELECT count(*) FILTER (WHERE verdict = 'stored'), count(*) FILTER (WHERE verdict = 'rejected'),
		count(*) FILTER (WHERE verdict = 'lost'), count(*) FILTER (WHERE verdict = 'unexpected')
		FROM fault.verdicts('$label')" | tr '|' ' '
}

# in_spool: the numbers of the messages in the spool, as often as they are there.
in_spool() {
	"$BIN/mqtt-replay" "$round/spool" 2>>"$round/log/replay" | sed -nE 's/.*[&\t]n=([0-9]+)&.*/\1/p'
}

nothing_is_lost() {
	ledger_load && [ "$(sql "SELECT count(*) FROM fault.verdicts('$label') WHERE verdict = 'lost'")" = 0 ]
}

# The store part has settled all of the spool. Records that sensor-decode takes for too long do not
# move the watermark.
drained() {
	local head
	head=$("$BIN/mqtt-replay" "$round/spool" 2>>"$round/log/replay" | awk 'length <= 65536 { seq = $2 } END { print seq }')
	[ "$(sql "SELECT seq FROM ingest_watermarks WHERE source = '$label'")" = "$head" ]
}

# In the spool more than once: redelivered, and stored once all the same.
redelivered() {
	in_spool | sort | uniq -c | awk '{ n += $1 - 1 } END { print n + 0 }'
}
