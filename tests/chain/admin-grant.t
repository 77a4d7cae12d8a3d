#!/bin/bash
# tsdb-admin grant: with its role each tool does its whole job, and nothing beyond it.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/schema-checks.sh"
one_day 120

cleanup() {
	services_end
}
services_begin "$work/db"
start_postgres fsync=off || skip_all "PostgreSQL does not start"

as() { # as ROLE SQL
	psql -XqAt -v ON_ERROR_STOP=1 -U "$1" -c "$2"
}
# may ROLE / may_not ROLE: each line of the input is a statement.
may() {
	local statement
	while read -r statement; do check "$1 may: $statement" as "$1" "$statement"; done
}
may_not() {
	local statement
	while read -r statement; do
		as "$1" "$statement" >out 2>err
		like "$1 may not: $statement" "$(cat err)" '(permission denied|must be owner)'
	done
}
# The rights that the roles have in this database.
rights() {
	sql "SELECT t.kind, t.name, r.rolname, string_agg(a.privilege_type, ' ' ORDER BY a.privilege_type)
		FROM (
			SELECT 'table', relname, relacl FROM pg_class WHERE relnamespace = 'public'::regnamespace
			UNION ALL
			SELECT 'column', attrelid::regclass || '.' || attname, attacl FROM pg_attribute
			UNION ALL
			SELECT 'function', proname, proacl FROM pg_proc WHERE pronamespace = 'public'::regnamespace
		) AS t (kind, name, acl), aclexplode(t.acl) AS a, pg_roles AS r
		WHERE r.oid = a.grantee AND r.rolname LIKE 'sensorpipe\_%'
		GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
}
at() { # at TIME VALUE: a reading of the sensor s
	printf 'r1\t0\t%sZ\t%sZ\tclimate\ts\t1\tt=%s\tstate="%s"\n' "$1" "$1" "$2" "$2"
}

for name in keeper gateway fixer viewer chief stranger; do createuser $name; done
createuser 'odd "name"; --'
createuser -r boss
createdb -O keeper plant
createdb -O keeper other
export PGDATABASE=plant
fails "grant without a schema" 78 tsdb-admin grant
for db in plant other; do tsdb-admin --quiet -d "user=keeper dbname=$db" init 2>/dev/null; done

# ---- making the roles ----

fails "who may make no roles" 77 tsdb-admin -d user=keeper grant
fails "who may, but does not own the schema" 77 tsdb-admin -d user=boss grant
is "leave none behind" "$(sql "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'sensorpipe\_%'")" 0
fails "there must be someone to grant a role" 78 tsdb-admin grant writer nobody
like "which it says" "$(cat err)" "there is no role 'nobody'"
is "and nothing was done" "$(sql "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'sensorpipe\_%'")" 0

tsdb-admin --quiet grant --dry-run >grant.sql
is "--dry-run makes none" "$(sql "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'sensorpipe\_%'")" 0
check "what it prints can be run" psql -Xq -v ON_ERROR_STOP=1 -f grant.sql
rights >printed
check "grant" tsdb-admin grant
like "has nothing to make then" "$(cat err)" "roles and memberships: 0 made; rights in database 'plant' granted"
is "nor other rights to give" "$(rights)" "$(cat printed)"
is "nobody can log in as one of the roles" "$(sql "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'sensorpipe\_%' AND rolcanlogin")" 0
is "another database is another matter" \
	"$(PGDATABASE=other sql "SELECT has_table_privilege('sensorpipe_reader', 'sensors', 'SELECT')")" f
PGDATABASE=other tsdb-admin -d user=keeper --quiet migrate 2>/dev/null
is "also after migrate" "$(PGDATABASE=other sql "SELECT has_table_privilege('sensorpipe_reader', 'sensors', 'SELECT')")" f

check "grant writer" tsdb-admin grant writer gateway
like "says so" "$(cat err)" "'gateway' is now a member of sensorpipe_writer"
check "again" tsdb-admin grant writer gateway
check "grant replacer" tsdb-admin grant replacer fixer
check "grant reader" tsdb-admin grant reader viewer
check "grant admin" tsdb-admin grant admin chief
check "a name is a name, whatever is in it" tsdb-admin grant reader 'odd "name"; --'
check "and may read then" as 'odd "name"; --' "TABLE readings"
check "the owner may give the rights again" tsdb-admin -d user=keeper grant
fails "but makes no members" 77 tsdb-admin -d user=keeper grant reader stranger

# ---- the writer ----

now=$(date -u +%FT%T)
at "$now" 1 | check "writer: INSERT" tsdb-copy -d user=gateway --source line
at 2026-01-01T00:00:00 1 | check "writer: COPY of late readings" tsdb-copy -d user=gateway --copy-min 1
at 2026-01-01T00:00:00 1 | check "writer: duplicates" tsdb-copy -d user=gateway --copy-min 1
like "which are told" "$(cat err)" 'duplicates 1'
at 2026-01-01T00:00:00 2 | check "writer: conflicts" tsdb-copy -d user=gateway --reject conflict.x1
is "which are told" "$(cut -f4 conflict.x1)" conflict
at 2026-01-01T00:00:00 2 >other
fails "writer: replaces nothing" 77 tsdb-copy -d user=gateway --on-conflict replace <other
is "late readings are noted" "$(sql "SELECT count(DISTINCT bucket) FROM touched_hours")" 1
at 2026-01-01T00:00:00 3 | check "replacer: replaces" tsdb-copy -d user=fixer --on-conflict replace
at 2026-01-01T00:00:01 3 | check "and writes" tsdb-copy -d user=fixer
is "what is stored" "$(sql "SELECT string_agg(value::text, ' ' ORDER BY time) FROM sensor_readings")" "3 3 1"
may_not gateway <<-'SQL'
	DELETE FROM sensor_readings
	UPDATE sensor_readings SET value = 0
	UPDATE sensor_texts SET quality = 1
	TRUNCATE sensor_readings
	INSERT INTO sensor_readings_default VALUES (now(), 1, 1, 1, 1)
	SELECT * FROM sensor_readings_default
	SELECT * FROM sensors
	INSERT INTO sensors (sensor_id, type, name) VALUES (1000, 'a', 'b')
	UPDATE metrics SET unit = 'K'
	UPDATE ingest_watermarks SET source = 'mine'
	DELETE FROM ingest_watermarks
	TABLE touched_hours
	DELETE FROM touched_hours
	UPDATE rollup_state SET hourly_to = now()
	UPDATE policies SET value = NULL
	TABLE readings
	SELECT reading_span()
	SELECT make_partitions('2027-01-01', '2027-01-01')
	DROP TABLE sensor_texts
	CREATE ROLE more
	SET ROLE keeper
SQL
may_not fixer <<-'SQL'
	DELETE FROM sensor_readings
	UPDATE sensor_readings SET time = now()
	UPDATE metrics SET unit = 'K'
	TABLE readings
SQL

# Functions that run as the owner look at the schema alone.
check "a table of the same name is not taken for that of the schema" as gateway "CREATE TEMP TABLE metrics
	(metric_id smallint, name text, unit text); SELECT * FROM register_metrics('{humidity}')"
is "which it went into" "$(sql "SELECT count(*) FROM metrics WHERE name = 'humidity'")" 1

# ---- the reader ----

check "reader: tsdb-query" tsdb-query -d user=viewer --metric t --from 2025-12-31 --to 2026-01-02 --format csv
is "reads what is there" "$(grep -c 2026-01-01 out)" 2
check "reader: by hours" tsdb-query -d user=viewer --metric t --from 2025-12-31 --to 2026-01-02 --bucket 1h --agg avg
check "reader: status" tsdb-admin -d user=viewer status
is "reader: watermark" "$(tsdb-admin -d user=viewer watermark line)" 0
check "reader: policy" tsdb-admin -d user=viewer policy
sed -n '/^\.Sh EXAMPLES/,$ {/^\.Bd/,/^\.Ed/{/^SELECT/,/;$/p}}' "$root/man/sensorpipe-schema.7" >examples.sql
check "reader: the queries of the manual" psql -Xq -U viewer -v ON_ERROR_STOP=1 -f examples.sql
is "reader: no table or view of the schema is left out" "$(sql "SELECT relname FROM pg_class
	WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v') AND NOT relispartition
	AND NOT has_table_privilege('viewer', oid, 'SELECT')")" ""
is "reader: none may be written to" "$(sql "SELECT relname, right_ FROM pg_class,
		unnest('{INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER}'::text[]) AS right_
	WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')
	AND has_table_privilege('viewer', oid, right_)")" ""
may_not viewer <<-'SQL'
	SELECT register_sensors('{a}', '{b}', '{1}')
	SELECT register_metrics('{a}')
	SELECT note_touched('{2026-01-01}', '{1}', '{1}')
	SELECT set_policy('raw', '1 day')
	SELECT make_partitions('2027-01-01', '2027-01-01')
	CREATE VIEW mine AS TABLE readings
SQL
fails "reader: maintains nothing" 77 tsdb-admin -d user=viewer maintain

# ---- who has none of the roles ----

may_not stranger <<-'SQL'
	TABLE readings
	TABLE schema_migrations
	SELECT register_sensors('{a}', '{b}', '{1}')
	SELECT register_metrics('{a}')
	SELECT note_touched('{2026-01-01}', '{1}', '{1}')
	SELECT reading_span()
SQL

# ---- the administrator ----

for command in maintain "policy set raw=30d" policy status migrate "migrate --dry-run" init "watermark line"; do
	check "admin: $command" tsdb-admin -d user=chief $command
done
sql "DROP TABLE $(sql "SELECT string_agg(c.relname, ', ') FROM pg_class AS c WHERE relname ~ 'sensor_(readings|texts)_20' AND relkind = 'r'")"
check "admin: makes partitions" tsdb-admin -d user=chief maintain
check "so does a superuser" tsdb-admin maintain
is "whoever made what, the owner has it" "$(sql "SELECT relname FROM pg_class
	WHERE relnamespace = 'public'::regnamespace AND relowner <> 'keeper'::regrole")" ""
may chief <<-'SQL'
	DELETE FROM sensor_readings WHERE time < '2000-01-01'
	UPDATE metrics SET unit = 'K' WHERE name = 't'
SQL
may_not chief <<-'SQL'
	CREATE ROLE more
	SELECT pg_read_file('/etc/hostname')
	SET ROLE sensorpipe
SQL

# A day that is packed, and loosened again for what comes late.
day=$(date -u -d '20 days ago' +%F)
as keeper "SELECT make_partitions('$day', '$day')" >out
for n in 1 2 3; do at "${day}T00:00:0$n" $n; done | check "writer: readings of an old day" tsdb-copy -d user=gateway
check "admin: rolls it up" tsdb-admin -d user=chief maintain
check "admin: packs it" tsdb-admin -d user=chief maintain
is "it is packed" "$(sql "SELECT count(*) FROM packed_readings WHERE sensor_id = 1")" 1
is "reader: sees what is packed" "$(as viewer "SELECT count(*) FROM readings WHERE time::date = '$day'")" 3
check "reader: tsdb-query" tsdb-query -d user=viewer --metric t --from "$day" --to "${day}T01:00:00Z" --format csv
is "sees it, too" "$(grep -c "^$day" out)" 3
at "${day}T00:00:04" 4 | check "writer: late into a packed day" tsdb-copy -d user=gateway
at "${day}T00:00:02" 2 | check "writer: what is there" tsdb-copy -d user=gateway
like "is a duplicate" "$(cat err)" 'duplicates 1'
at "${day}T00:00:02" 7 | check "replacer: over it" tsdb-copy -d user=fixer --on-conflict replace
is "and all is there" "$(as viewer "SELECT string_agg(value::text, ' ' ORDER BY time) FROM readings WHERE time::date = '$day'")" "1 7 3 4"

# ---- later ----

sql "GRANT DELETE, UPDATE ON sensor_readings TO sensorpipe_writer;
	GRANT SELECT ON sensor_readings_default TO sensorpipe_writer;
	GRANT EXECUTE ON FUNCTION register_metrics TO sensorpipe_reader;
	CREATE TABLE mine (); GRANT SELECT ON mine TO sensorpipe_reader"
check "grant" tsdb-admin grant
is "takes away what is beyond" "$(rights | grep -v "|mine|")" "$(cat printed)"
check "but not from what is not of the schema" as viewer "TABLE mine"

sql "DROP TABLE mine; DROP VIEW readings, readings_text, readings_latest, readings_by_hour, readings_by_day;
	DELETE FROM schema_migrations WHERE name = 'names'"
tsdb-admin --quiet migrate --dry-run >migrate.sql
check "migrate makes views" tsdb-admin -d user=chief migrate
check "and readers may read them" as viewer "TABLE readings_by_day"
rights >migrated
sql "DROP VIEW readings, readings_text, readings_latest, readings_by_hour, readings_by_day;
	DELETE FROM schema_migrations WHERE name = 'names'"
check "so does what migrate --dry-run prints" psql -Xq -v ON_ERROR_STOP=1 -f migrate.sql
is "with the same rights" "$(rights)" "$(cat migrated)"

# A writer that had rights by hand before functions ran as the owner.
PGDATABASE=other sql "
	ALTER FUNCTION register_sensors SECURITY INVOKER; GRANT EXECUTE ON FUNCTION register_sensors TO PUBLIC;
	ALTER FUNCTION register_metrics SECURITY INVOKER; GRANT EXECUTE ON FUNCTION register_metrics TO PUBLIC;
	ALTER FUNCTION note_touched SECURITY INVOKER; GRANT EXECUTE ON FUNCTION note_touched TO PUBLIC;
	GRANT SELECT, INSERT ON sensor_readings, sensor_texts, metrics TO stranger;
	GRANT SELECT, INSERT, UPDATE ON ingest_watermarks, sensors TO stranger;
	GRANT INSERT ON touched_hours TO stranger;
	DELETE FROM schema_migrations WHERE version = 80"
PGDATABASE=other check "migrate of such a database" tsdb-admin migrate
at 2026-01-01T00:00:00 1 | PGDATABASE=other check "the writer can go on" tsdb-copy -d user=stranger
PGDATABASE=other may_not viewer <<<"SELECT register_metrics('{a}')"

# The example of the manual, with names that are not taken.
createdb sensors
tsdb-admin --quiet -d sensors init 2>/dev/null
sed -n '/^createuser gateway/,/^\.Ed/{/^\.Ed/!p}' "$root/man/tsdb-admin.1" | sed 's/gateway/gate-2/; s/grafana/board-2/' >example.sh
is "the manual has an example" "$(wc -l <example.sh)" 4
check "which runs" sh -e example.sh
PGDATABASE=sensors check "and lets one read" as board-2 "TABLE readings"
at 2026-01-01T00:00:00 1 | check "and the other write" tsdb-copy -d "user=gate-2 dbname=sensors"

# A superuser is nobody to act as.
createdb super
export PGDATABASE=super
tsdb-admin --quiet init 2>/dev/null
check "grant where a superuser owns the schema" tsdb-admin grant
like "says what that means" "$(cat err)" "belongs to 'sensorpipe', a superuser: sensorpipe_admin may only look at it"
is "nobody is a superuser by it" "$(sql "SELECT pg_has_role('chief', 'sensorpipe', 'MEMBER')")" f
check "admin: looks" tsdb-admin -d user=chief status
fails "grant admin is refused there" 78 tsdb-admin grant admin chief
sed -n '/^ALTER DATABASE/,/gexec$/p' "$root/man/tsdb-admin.1" | sed 's/\\e/\\/; s/DATABASE sensors/DATABASE super/' >owner.sql
is "the manual has the way out" "$(grep -c gexec owner.sql)" 1
check "which runs" psql -Xq -v ON_ERROR_STOP=1 -f owner.sql
check "then there is an administrator" tsdb-admin grant admin chief
check "who maintains" tsdb-admin -d user=chief maintain
is "and all belongs to one" "$(sql "SELECT relname FROM pg_class
	WHERE relnamespace = 'public'::regnamespace AND relowner <> 'keeper'::regrole")" ""
finish
