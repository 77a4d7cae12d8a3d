#include "session.h"

#include "base/buf.h"
#include "base/msg.h"

#include <stdlib.h>
#include <string.h>

PGconn *session_open(const char *conninfo)
{
	PGconn *conn = db_connect(conninfo);
	char schema[64];

	/* Compiling a statement takes longer than running nearly any of these. The digits make
	 * floats read back the same, whatever the role's default. */
	db_run(conn, "cannot begin",
	       "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;"
	       "SET LOCAL jit TO off; SET LOCAL extra_float_digits TO 1");
	if (!db_value(conn, "cannot look for the schema",
	              "SELECT to_regprocedure('readings_between(timestamptz, timestamptz)')", NULL,
	              schema, sizeof(schema)))
		msg_die(EX_CONFIG,
		        "database '%s' has no sensorpipe schema, or an older one: run "
		        "'tsdb-admin init'",
		        PQdb(conn));
	return conn;
}

/*
 * What a rollup is made of, by what its view depends on: `stored`, a table, or a view such as that
 * of a continuous aggregate, which reads what it has materialized; `partly`, a view over a table
 * that holds what is before an instant of rollup_state; `computed`, a view over readings alone.
 */
static const char kind_of_rollup[] =
    "SELECT CASE WHEN c.relkind <> 'v' THEN 'stored' "
    "WHEN to_regclass('rollup_state') = ANY (d.sources) THEN 'partly' "
    "WHEN d.sources <@ ARRAY[c.oid, 'sensor_readings'::regclass, 'series_readings'::regclass] "
    "THEN 'computed' ELSE 'stored' END "
    "FROM pg_class AS c, (SELECT array_agg(refobjid) AS sources "
    "FROM pg_depend JOIN pg_rewrite AS w ON objid = w.oid "
    "WHERE classid = 'pg_rewrite'::regclass AND refclassid = 'pg_class'::regclass "
    "AND w.ev_class = $1::regclass) AS d "
    "WHERE c.oid = $1::regclass";

/* Microseconds since 1970. */
static int64_t stored_upto(PGconn *conn, const char *column)
{
	struct buf sql = {0};
	char upto[32];

	buf_printf(&sql,
	           "SELECT (extract(epoch FROM least(greatest(%s, '0001-01-01 00:00:00Z'), "
	           "'9999-01-01 00:00:00Z')) * 1000000)::bigint FROM rollup_state",
	           column);
	db_value(conn, "cannot look at the rollups", buf_string(&sql), NULL, upto, sizeof(upto));
	buf_free(&sql);
	return strtoll(upto, NULL, 10);
}

static void ask_rollup(PGconn *conn, struct rollup *r, const char *view, const char *table,
                       const char *column)
{
	char kind[16];

	db_value(conn, "cannot look at the rollups", kind_of_rollup, view, kind, sizeof(kind));
	if (strcmp(kind, "partly") == 0)
		*r = (struct rollup){table, stored_upto(conn, column)};
	else
		*r = (struct rollup){view, strcmp(kind, "stored") == 0 ? INT64_MAX : INT64_MIN};
}

void session_ask_rollups(PGconn *conn, struct rollup *hourly, struct rollup *daily)
{
	ask_rollup(conn, hourly, "readings_hourly", "rollup_hourly", "hourly_to");
	ask_rollup(conn, daily, "readings_daily", "rollup_daily", "daily_to");
	/* Over computed hours, days are no better than these. */
	if (hourly->upto == INT64_MIN)
		daily->upto = INT64_MIN;
}

void session_require_buckets(const PGconn *conn)
{
	int version = PQserverVersion(conn);

	if (version < 140000)
		msg_die(EX_CONFIG, "--bucket needs PostgreSQL 14 or later; this server is %d",
		        version / 10000);
}

void session_require_profiles(PGconn *conn)
{
	char table[64];

	if (!db_value(conn, "cannot look for profiles of days",
	              "SELECT to_regclass('profile_hours')", NULL, table, sizeof(table)))
		msg_die(
		    EX_CONFIG,
		    "database '%s' has no profiles of days: run 'tsdb-admin migrate'; the engine "
		    "timescaledb-apache has none",
		    PQdb(conn));
}

void session_close(PGconn *conn)
{
	PQfinish(conn);
}
