# A dump into the table: 3 million readings of 10,000 sensors through decode, validate and tsdb-copy; against psql's
# \copy of the rows made ready for it, as text in order of arrival, and binary in order of the key, which is as fast as
# the table takes them.
bulk_messages=$(scaled 700000)
bulk_dump=$work/bulk.dump bulk_text=$work/bulk.text bulk_binary=$work/bulk.binary
bulk_columns='time, value, sensor_id, metric_id, quality'

bulk_empty() { psql -qX -c 'TRUNCATE sensor_readings, sensor_texts' -c CHECKPOINT; }

chain() {
	sensor-decode --quiet <"$bulk_dump" |
		sensor-validate --quiet --schemas "$root/pipelines/schemas" | tsdb-copy --quiet "$@"
}
bulk_chain() { chain; }
bulk_chain_1m() { chain --max-batch 1000000; }
bulk_chain_2() { chain --jobs 2; }
bulk_psql_text() { psql -qX -c "\\copy sensor_readings ($bulk_columns) FROM '$bulk_text'"; }
bulk_psql_binary() { psql -qX -c "\\copy sensor_readings ($bulk_columns) FROM '$bulk_binary' (FORMAT binary)"; }
prepare_bulk_chain() { bulk_empty; }
prepare_bulk_chain_1m() { bulk_empty; }
prepare_bulk_chain_2() { bulk_empty; }
prepare_bulk_psql_text() { bulk_empty; }
prepare_bulk_psql_binary() { bulk_empty; }
describe bulk_chain 'dump | decode | validate | tsdb-copy'
describe bulk_chain_1m 'the same with --max-batch 1000000'
describe bulk_chain_2 'dump | decode | validate | tsdb-copy --jobs 2'
describe bulk_psql_text 'psql \copy, text rows in order of arrival'
describe bulk_psql_binary 'psql \copy, binary rows in order of the key'

sensor-sim --quiet --sensors "$(scaled 10000)" --count "$bulk_messages" --interval 10 \
	--start "$(date -u -d '-2 hours' +%FT%TZ)" >"$bulk_dump"
bulk_empty
chain
bulk_rows=$(psql -qAtX -c 'SELECT count(*) FROM sensor_readings')
psql -qX -c "\\copy (SELECT $bulk_columns FROM sensor_readings ORDER BY time, sensor_id, metric_id) TO '$bulk_text'"
psql -qX -c "\\copy (SELECT $bulk_columns FROM sensor_readings ORDER BY sensor_id, metric_id, time)
	TO '$bulk_binary' (FORMAT binary)" 
versus bulk 'a dump into the table' rows "$bulk_rows" bulk_psql_text bulk_psql_binary bulk_chain bulk_chain_1m bulk_chain_2
rm -f "$bulk_dump" "$bulk_text" "$bulk_binary"
