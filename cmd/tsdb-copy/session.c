#include "session.h"

#include "base/clock.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

/* Of this tool, in the classes that SQL leaves to implementations. */
#define SQLSTATE_REFUSED "SP001"

static bool in_class(const char *sqlstate, const char *const classes[])
{
	for (; *classes; classes++)
		if (strncmp(sqlstate, *classes, strlen(*classes)) == 0)
			return true;
	return false;
}

enum db_status db_classify(const char *sqlstate)
{
	/* Feature not supported (a row for a compressed chunk), cardinality, data exceptions,
	 * integrity constraints, WITH CHECK OPTION, program limits (a row too large), and what
	 * triggers raise. */
	static const char *const data[] = {"0A", "21", "22", "23", "44", "54", "P0", NULL};

	if (strcmp(sqlstate, "23505") == 0)
		return DB_DUPLICATE;
	/* query_canceled: statement_timeout, or an administrator's hand. */
	if (pg_is_transient(sqlstate) || strcmp(sqlstate, "57014") == 0)
		return DB_TRANSIENT;
	return in_class(sqlstate, data) ? DB_BAD_DATA : DB_FATAL;
}

/* A table, column, function or schema that is not there. */
static bool is_missing_object(const char *sqlstate)
{
	static const char *const missing[] = {"42P01", "42703", "42883", "3F000", NULL};

	return in_class(sqlstate, missing);
}

int db_exit_status(const char *sqlstate)
{
	static const char *const permission[] = {"28", "42501", NULL};

	if (in_class(sqlstate, permission))
		return EX_NOPERM;
	if (is_missing_object(sqlstate) || strcmp(sqlstate, "3D000") == 0 ||
	    strcmp(sqlstate, SQLSTATE_REFUSED) == 0)
		return EX_CONFIG;
	return EX_UNAVAILABLE;
}

const char *db_way_out(const char *sqlstate)
{
	if (is_missing_object(sqlstate))
		return "; run: tsdb-admin init";
	if (strcmp(sqlstate, "3D000") == 0)
		return "; run: createdb";
	if (strcmp(sqlstate, "42501") == 0)
		return "; see PERMISSIONS in tsdb-copy(1)";
	return "";
}

static enum db_status keep_error(struct session *s, const char *sqlstate, const char *error)
{
	snprintf(s->sqlstate, sizeof(s->sqlstate), "%s", sqlstate ? sqlstate : "");
	snprintf(s->error, sizeof(s->error), "%s", error);
	return db_classify(s->sqlstate);
}

enum db_status session_failed(struct session *s, PGresult *result)
{
	enum db_status status;

	/* libpq returns no result at all when it could not send or is out of memory. */
	if (!result) {
		status = keep_error(s, "", PQerrorMessage(s->conn));
		s->error[strcspn(s->error, "\n")] = '\0';
		return status;
	}
	status = keep_error(s, PQresultErrorField(result, PG_DIAG_SQLSTATE),
	                    pg_result_message(result));
	PQclear(result);
	return status;
}

enum db_status session_mismatch(struct session *s, const char *what)
{
	return keep_error(s, "42883", what); /* undefined_function */
}

enum db_status session_refuse(struct session *s, const char *why)
{
	return keep_error(s, SQLSTATE_REFUSED, why);
}

enum db_status session_command(struct session *s, const char *sql)
{
	PGresult *result = PQexec(s->conn, sql);

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		return session_failed(s, result);
	PQclear(result);
	return DB_OK;
}

enum db_status session_rollback(struct session *s, enum db_status cause)
{
	PGresult *result;

	if (cause == DB_TRANSIENT)
		return cause;
	result = PQexec(s->conn, "ROLLBACK");
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		return session_failed(s, result);
	PQclear(result);
	return cause;
}

enum db_status session_query(struct session *s, const char *sql, const struct session_params *p,
                             PGresult **result)
{
	*result = PQexecParams(s->conn, sql, p->count, p->types, p->values, p->lengths, p->formats,
	                       1);
	switch (PQresultStatus(*result)) {
	case PGRES_TUPLES_OK:
	case PGRES_COMMAND_OK:
		return DB_OK;
	default:
		return session_failed(s, *result);
	}
}

/* TimescaleDB refuses a transaction that has to unpack more than 100,000 compressed rows. Late
 * readings of many series can need more, however often they are tried. */
static enum db_status lift_limit(struct session *s)
{
	static const char sql[] =
	    "SELECT set_config(name, '0', false) FROM pg_settings "
	    "WHERE name = 'timescaledb.max_tuples_decompressed_per_dml_transaction'";
	PGresult *result = PQexec(s->conn, sql);

	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		return session_failed(s, result);
	PQclear(result);
	return DB_OK;
}

enum db_status session_open(struct session *s, const char *conninfo)
{
	const char *why;
	enum db_status status;

	s->conn = pg_connect(conninfo, &why);
	if (!s->conn)
		return keep_error(s, pg_connect_sqlstate(), why);
	status = lift_limit(s);
	if (status != DB_OK)
		session_close(s);
	return status;
}

int64_t session_now(const struct session *s)
{
	return clock_monotonic() + s->clock;
}

void session_close(struct session *s)
{
	PQfinish(s->conn);
	s->conn = NULL;
}
