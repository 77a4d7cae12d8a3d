# Sourced by the tests of upgrades, after tap.sh, services.sh and schema-checks.sh: databases of earlier versions, with
# rows in them as they had, and what has to be the same after `tsdb-admin migrate`.
#
# $releases   the last step of each set of steps that came out together; add that of a release when it is made

releases='30 40 53 67 71 80'

# upgrade_begin ENGINE: the steps of the engine, in $work/init.sql, and the time that all rows go by.
upgrade_begin() {
	tsdb-admin --quiet init --engine "$1" --dry-run >"$work/init.sql"
	now=$(date -u +%FT%H:%M:%SZ)
}

# make_schema VERSION: the schema as the tool of that version made it.
make_schema() {
	awk -v last="$1" '
		/^---- [a-z-]+\/[0-9]+_/ { version = $2; sub(/.*\//, "", version); if (version + 0 > last) exit }
		{ print }
		END { print "COMMIT;" }' "$work/init.sql" | PGOPTIONS='-c client_min_messages=error' \
		psql -XqAt -v ON_ERROR_STOP=1 -o /dev/null
}

# Rows of six sensors with two metrics: of a day that is old enough to be packed, of the last days, and of the hour
# at hand; whole numbers, so that sums do not depend on the order. Then what writers and maintain of that version did
# with them, as far as it could: rollups of days that are over, readings that come late to them, notes, a policy.
fill_schema() {
	{
		echo "SET client_min_messages TO error; SET timezone TO UTC; SET test.now TO '$now';"
		cat <<-'END'
			CREATE OR REPLACE FUNCTION pg_temp.has(name text) RETURNS boolean LANGUAGE sql AS
				'SELECT count(*) > 0 FROM pg_proc WHERE proname = name';
			DO $$ BEGIN
				IF pg_temp.has('make_partitions') THEN
					PERFORM make_partitions(current_date - 20, current_date + 7);
				END IF;
				IF pg_temp.has('make_month') THEN
					PERFORM make_month(t, m) FROM unnest('{rollup_hourly, rollup_daily}'::text[]) AS t,
						unnest(ARRAY[current_date - 20, current_date]) AS m;
				END IF;
			END $$;
			SELECT count(*) FROM register_sensors(array_fill('pump'::text, '{6}'),
				'{a, b, c, d, e, f}', '{1, 1, 1, 2, 2, NULL}');
			SELECT count(*) FROM register_metrics('{flow, pressure}');
			UPDATE metrics SET unit = 'bar' WHERE name = 'pressure';
			CREATE OR REPLACE FUNCTION pg_temp.store(since timestamptz, n int, step interval) RETURNS void LANGUAGE sql AS '
				INSERT INTO sensor_readings (time, value, sensor_id, metric_id, quality)
				SELECT since + i * step + s * interval ''1 second'', (i * 7 + s * 11 + m * 13) % 100, s, m,
					CASE i % 9 WHEN 0 THEN 4 WHEN 1 THEN 3 ELSE 1 END
				FROM generate_series(0, n - 1) AS i, generate_series(1, 6) AS s, generate_series(1, 2) AS m';
			SELECT pg_temp.store(current_date - 20, 48, '25 minutes'), pg_temp.store(current_date - 3, 200, '15 minutes'),
				pg_temp.store(current_setting('test.now')::timestamptz - interval '5 minutes', 4, '1 minute');
			INSERT INTO sensor_texts (time, value, sensor_id, metric_id, quality)
				SELECT current_date - d, 'state ' || d, 1, 1, 1 FROM generate_series(1, 20) AS d;
			INSERT INTO ingest_watermarks (source, seq) VALUES ('plant', 4711);
			DO $$ BEGIN
				IF pg_temp.has('roll_up_hours') THEN
					PERFORM roll_up_hours(d, d + interval '1 day') FROM generate_series(
						current_date - 20, current_date - 1, interval '1 day') AS d;
				END IF;
				IF pg_temp.has('pack_slice') THEN
					PERFORM pack_slice(current_date - 20);
				END IF;
				PERFORM pg_temp.store(current_date - 2 + interval '10 seconds', 5, '3 hours');
				IF pg_temp.has('note_touched') THEN
					PERFORM note_touched(array_agg(date_trunc('hour', current_date - 2 + i * interval '3 hours'
						+ interval '20 seconds')), array_agg(s), array_agg(m::smallint))
					FROM generate_series(0, 4) AS i, generate_series(1, 6) AS s, generate_series(1, 2) AS m;
				END IF;
				IF pg_temp.has('set_policy') THEN
					PERFORM set_policy('raw', '60 days');
				END IF;
				IF pg_temp.has('look_up_latest') THEN
					PERFORM look_up_latest(array_agg(s), array_agg(m::smallint))
					FROM generate_series(1, 6) AS s, generate_series(1, 2) AS m;
				END IF;
			END $$;
		END
	} | psql -XqAt -v ON_ERROR_STOP=1 -o /dev/null
}

# facts: what a database holds, a line each.
facts() {
	local digest="count(*) || ' ' || md5(string_agg(r::text, ' ' ORDER BY r::text))"
	sql "SELECT 'readings', $digest FROM series_readings AS r
		UNION ALL SELECT 'by name', $digest FROM readings AS r
		UNION ALL SELECT 'texts', $digest FROM readings_text AS r
		UNION ALL SELECT 'hours', $digest FROM readings_hourly AS r
		UNION ALL SELECT 'days', $digest FROM readings_daily AS r
		UNION ALL SELECT 'latest', $digest FROM readings_latest AS r
		UNION ALL SELECT 'sensors', string_agg(concat_ws(':', sensor_id, type, name, schema), ' ' ORDER BY 1) FROM sensors
		UNION ALL SELECT 'metrics', string_agg(concat_ws(':', metric_id, name, unit), ' ' ORDER BY 1) FROM metrics
		UNION ALL SELECT 'watermarks', string_agg(source || ':' || seq, ' ') FROM ingest_watermarks
		UNION ALL SELECT 'span', concat_ws(' ', oldest, newest) FROM reading_span()
		UNION ALL SELECT 'policies', string_agg(name || '=' || value, ' ' ORDER BY name) FROM policies
		UNION ALL SELECT 'steps', string_agg(version || ':' || checksum, ' ' ORDER BY version) FROM schema_migrations"
	echo "wrong rollups $(wrong_rollups)"
}

# Rights that roles have here, those of the owner apart.
rights() {
	sql "SELECT t.name, coalesce(r.rolname, 'PUBLIC'), string_agg(a.privilege_type, ' ' ORDER BY a.privilege_type)
		FROM (
			SELECT relname, relacl, relowner FROM pg_class WHERE relnamespace = 'public'::regnamespace
			UNION ALL
			SELECT p.oid::regprocedure::text, coalesce(proacl, acldefault('f', proowner)), proowner FROM pg_proc AS p
			WHERE pronamespace = 'public'::regnamespace
			AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
		) AS t (name, acl, owner)
		CROSS JOIN LATERAL aclexplode(t.acl) AS a
		LEFT JOIN pg_roles AS r ON r.oid = a.grantee
		WHERE a.grantee <> t.owner AND coalesce(r.rolname, '') <> 'gateway'
		GROUP BY 1, 2 ORDER BY 1, 2"
}

# check_upgraded NAME: what was migrated is what a fresh database is that has the same rows (fresh.*).
check_upgraded() {
	is "$1: the same rows, rollups, policies and steps as a fresh database's" "$(facts | diff fresh.facts -)" ""
	is "$1: and the same rights" "$(rights | diff fresh.rights -)" ""
}
