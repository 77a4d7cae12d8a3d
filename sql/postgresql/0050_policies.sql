-- How long things are kept. `tsdb-admin maintain` drops what is older, `tsdb-admin policy` shows
-- and changes the values. Raw readings go before the rollups made of them: raw <= hourly <= daily.

CREATE TABLE policies (
	name  text PRIMARY KEY,
	value interval -- null: for ever
);
COMMENT ON TABLE policies IS 'how long tsdb-admin maintain keeps things; null is for ever';
INSERT INTO policies (name, value) VALUES
	('raw', '90 days'),     -- sensor_readings
	('texts', '90 days'),   -- sensor_texts
	('hourly', '180 days'), -- readings_hourly
	('daily', '1 year');    -- readings_daily

CREATE FUNCTION set_policy(policy text, age interval) RETURNS void
LANGUAGE sql AS $$
	UPDATE policies SET value = age WHERE name = policy
$$;

-- The first instant that a policy keeps: the beginning of a day (UTC), as days are dropped whole.
CREATE FUNCTION kept_from(policy text) RETURNS timestamptz
LANGUAGE sql STABLE SET timezone TO 'UTC' AS $$
	SELECT coalesce(date_trunc('day', now() - value), '-infinity') FROM policies WHERE name = policy
$$;
