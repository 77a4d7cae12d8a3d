-- What tsdb-admin knows about this database.

CREATE TABLE schema_migrations (
	version  int PRIMARY KEY,
	name     text NOT NULL,
	checksum text NOT NULL, -- SHA-256 of the file that was applied
	applied  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE schema_migrations IS 'steps of the sensorpipe schema applied by tsdb-admin';

-- One row.
CREATE TABLE schema_settings (
	one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
	engine  text NOT NULL CHECK (engine IN ('postgresql', 'timescaledb', 'timescaledb-apache'))
);
COMMENT ON TABLE schema_settings IS 'the engine chosen by tsdb-admin init; one row';
