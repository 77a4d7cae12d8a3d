#include "link/db.h"

#include "base/msg.h"

#include <stdio.h>
#include <string.h>

int db_connect_status(void)
{
	if (strncmp(pg_connect_sqlstate(), "28", 2) == 0)
		return EX_NOPERM;
	return pg_is_transient(pg_connect_sqlstate()) ? EX_UNAVAILABLE : EX_CONFIG;
}

PGconn *db_connect(const char *conninfo)
{
	const char *why;
	PGconn *conn = pg_connect(conninfo, &why);

	if (conn == NULL)
		msg_die(db_connect_status(), "cannot connect: %s", why);
	return conn;
}

int db_status(const PGconn *conn, const char *sqlstate)
{
	if (PQstatus(conn) != CONNECTION_OK)
		return EX_UNAVAILABLE;
	if (sqlstate == NULL)
		return EX_SOFTWARE;
	if (strcmp(sqlstate, "42501") == 0)
		return EX_NOPERM;
	if (pg_is_transient(sqlstate) || strcmp(sqlstate, "57014") == 0) /* cancelled, timed out */
		return EX_TEMPFAIL;
	return strncmp(sqlstate, "42", 2) == 0 ? EX_CONFIG : EX_SOFTWARE;
}

static void explain(const PGconn *conn, const PGresult *result, const char *what,
                    struct db_failure *failure)
{
	const char *hint = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);

	failure->status = db_status(conn, PQresultErrorField(result, PG_DIAG_SQLSTATE));
	snprintf(failure->why, sizeof(failure->why), "%s: %s%s%s", what, pg_result_message(result),
	         hint != NULL ? ": " : "", hint != NULL ? hint : "");
}

void db_fail(const PGconn *conn, const PGresult *result, const char *what)
{
	struct db_failure failure;

	explain(conn, result, what, &failure);
	msg_die(failure.status, "%s", failure.why);
}

void db_run(PGconn *conn, const char *what, const char *sql)
{
	PGresult *result = PQexec(conn, sql);
	ExecStatusType status = PQresultStatus(result);

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
		db_fail(conn, result, what);
	PQclear(result);
}

PGresult *db_try(PGconn *conn, const char *what, const char *sql, int count,
                 const char *const params[], struct db_failure *failure)
{
	PGresult *result = PQexecParams(conn, sql, count, NULL, params, NULL, NULL, 0);

	if (PQresultStatus(result) == PGRES_TUPLES_OK)
		return result;
	explain(conn, result, what, failure);
	PQclear(result);
	return NULL;
}

PGresult *db_query_params(PGconn *conn, const char *what, const char *sql, int count,
                          const char *const params[])
{
	struct db_failure failure = {0};
	PGresult *result = db_try(conn, what, sql, count, params, &failure);

	if (result == NULL)
		msg_die(failure.status, "%s", failure.why);
	return result;
}

PGresult *db_query(PGconn *conn, const char *what, const char *sql, const char *param)
{
	return db_query_params(conn, what, sql, param != NULL ? 1 : 0, &param);
}

bool db_value(PGconn *conn, const char *what, const char *sql, const char *param, char *value,
              size_t size)
{
	PGresult *result = db_query(conn, what, sql, param);
	bool found = PQntuples(result) > 0 && !PQgetisnull(result, 0, 0);

	snprintf(value, size, "%s", found ? PQgetvalue(result, 0, 0) : "");
	PQclear(result);
	return found;
}
