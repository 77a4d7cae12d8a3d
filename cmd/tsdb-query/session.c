#include "session.h"

#include "base/msg.h"

PGconn *session_open(const char *conninfo)
{
	PGconn *conn = db_connect(conninfo);
	char schema[64];

	/* Compiling a statement takes longer than running nearly any of these. The digits make
	 * floats read back the same, whatever the role's default. */
	db_run(conn, "cannot begin",
	       "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;"
	       "SET LOCAL jit TO off; SET LOCAL extra_float_digits TO 1");
	if (!db_value(conn, "cannot look for the schema", "SELECT to_regclass('series_readings')",
	              NULL, schema, sizeof(schema)))
		msg_die(EX_CONFIG,
		        "database '%s' has no sensorpipe schema, or an older one: run "
		        "'tsdb-admin init'",
		        PQdb(conn));
	return conn;
}

/* A view is computed when all it reads, apart from itself, is readings; a continuous aggregate is a
 * view as well, but reads what it has materialized, too. */
static bool is_stored(PGconn *conn, const char *rollup)
{
	char stored[8];

	return db_value(
	    conn, "cannot look at the rollups",
	    "SELECT 1 FROM pg_class AS c WHERE c.oid = $1::regclass AND (c.relkind <> 'v' "
	    "OR EXISTS (SELECT FROM pg_rewrite AS w JOIN pg_depend AS d "
	    "ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid "
	    "AND d.refclassid = 'pg_class'::regclass "
	    "WHERE w.ev_class = c.oid AND d.refobjid NOT IN (c.oid, "
	    "'sensor_readings'::regclass, 'series_readings'::regclass)))",
	    rollup, stored, sizeof(stored));
}

void session_ask_rollups(PGconn *conn, bool *hourly_stored, bool *daily_stored)
{
	*hourly_stored = is_stored(conn, "readings_hourly");
	/* Daily ones may be a view over hourly ones: as good as these. */
	*daily_stored = *hourly_stored && is_stored(conn, "readings_daily");
}

void session_require_buckets(const PGconn *conn)
{
	int version = PQserverVersion(conn);

	if (version < 140000)
		msg_die(EX_CONFIG, "--bucket needs PostgreSQL 14 or later; this server is %d",
		        version / 10000);
}

void session_close(PGconn *conn)
{
	PQfinish(conn);
}
