-- What compression made of the chunks it was applied to. Rows that came later are not in it.
SELECT t.name AS "table",
       s.number_compressed_chunks AS chunks,
       n.readings,
       s.before_compression_total_bytes AS before_bytes,
       s.after_compression_total_bytes AS after_bytes,
       round(s.before_compression_total_bytes::numeric
             / nullif(s.after_compression_total_bytes, 0), 1) AS ratio,
       round(s.after_compression_total_bytes::numeric / nullif(n.readings, 0), 2)
           AS bytes_per_reading
FROM unnest(ARRAY['sensor_readings', 'sensor_texts']) WITH ORDINALITY AS t (name, position)
CROSS JOIN LATERAL hypertable_compression_stats(t.name::regclass) AS s
CROSS JOIN LATERAL (
	SELECT sum(z.numrows_pre_compression)::bigint AS readings
	FROM _timescaledb_catalog.hypertable AS h
	JOIN _timescaledb_catalog.chunk AS k ON k.hypertable_id = h.id
	JOIN _timescaledb_catalog.compression_chunk_size AS z ON z.chunk_id = k.id
	WHERE to_regclass(format('%I.%I', h.schema_name, h.table_name)) = t.name::regclass
) AS n
WHERE s.number_compressed_chunks > 0
ORDER BY t.position
