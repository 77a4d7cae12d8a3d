-- The readings: hypertables with a chunk a day.
--
-- The columns of a row of sensor_readings are 24 bytes without padding. One key serves all: a
-- series' rows lie in order of time, and a message that is delivered twice is stored once. The index
-- on time alone that TimescaleDB would add is left out: it would slow down every insert, and chunks
-- already narrow a search down to days.

CREATE TABLE sensor_readings (
	time      timestamptz NOT NULL,
	value     float8 NOT NULL,
	sensor_id int NOT NULL,
	metric_id smallint NOT NULL,
	quality   smallint NOT NULL,
	PRIMARY KEY (sensor_id, metric_id, time)
);
SELECT create_hypertable('sensor_readings', 'time',
                         chunk_time_interval => interval '1 day',
                         create_default_indexes => false);
COMMENT ON TABLE sensor_readings IS 'numbers and truth values (1, 0) as the sensors sent them';
COMMENT ON COLUMN sensor_readings.quality IS
	'QARTOD flag: 1 good, 2 not evaluated, 3 suspect, 4 fail, 9 missing';

CREATE TABLE sensor_texts (
	time      timestamptz NOT NULL,
	value     text NOT NULL,
	sensor_id int NOT NULL,
	metric_id smallint NOT NULL,
	quality   smallint NOT NULL,
	PRIMARY KEY (sensor_id, metric_id, time)
);
SELECT create_hypertable('sensor_texts', 'time',
                         chunk_time_interval => interval '1 day',
                         create_default_indexes => false);
COMMENT ON TABLE sensor_texts IS 'values that are no numbers: states, modes, messages';
COMMENT ON COLUMN sensor_texts.quality IS
	'QARTOD flag: 1 good, 2 not evaluated, 3 suspect, 4 fail, 9 missing';
