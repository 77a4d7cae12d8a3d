-- $1 is the number of steps of the schema that are not applied.
SELECT current_database() AS database,
       current_setting('server_version') AS server_version,
       (SELECT engine FROM schema_settings) AS engine,
       (SELECT extversion FROM pg_extension WHERE extname = 'timescaledb') AS timescaledb_version,
       (SELECT max(version) FROM schema_migrations) AS schema_version,
       $1::int AS missing_steps,
       pg_database_size(current_database()) AS size_bytes
