-- Who measures (sensors), what is measured (metrics), and how far every source has been stored.
-- Readings name both by number: 6 bytes instead of two texts. They carry no foreign keys, which
-- would be looked up for every row; ids are given by register_sensors() and register_metrics() and
-- never taken away.

CREATE TABLE sensors (
	sensor_id  int PRIMARY KEY,
	type       text NOT NULL CHECK (octet_length(type) BETWEEN 1 AND 255),
	name       text NOT NULL CHECK (octet_length(name) BETWEEN 1 AND 255),
	schema     int,
	first_seen timestamptz NOT NULL DEFAULT now(),
	UNIQUE (type, name)
);
CREATE INDEX sensors_name ON sensors (name);
COMMENT ON TABLE sensors IS 'every sensor that ever sent a reading';
COMMENT ON COLUMN sensors.schema IS 'version of the schema of the sensor''s latest reading that named one';

CREATE TABLE metrics (
	metric_id smallint PRIMARY KEY,
	name      text NOT NULL UNIQUE CHECK (octet_length(name) BETWEEN 1 AND 255),
	unit      text
);
COMMENT ON TABLE metrics IS 'every quantity that was ever measured';
COMMENT ON COLUMN metrics.unit IS 'for people; set it with UPDATE, nothing depends on it';

CREATE TABLE ingest_watermarks (
	source  text PRIMARY KEY CHECK (octet_length(source) BETWEEN 1 AND 255),
	seq     bigint NOT NULL,
	updated timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE ingest_watermarks IS
	'last message of each source whose readings are all stored; written in the same transaction as they';
