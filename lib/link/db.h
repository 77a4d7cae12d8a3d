/*
 * db: statements whose failure ends the tool.
 *
 * A failure is reported as `what: the server's message`, with its hint, and the
 * exit status tells whom to ask: EX_NOPERM for missing rights, EX_TEMPFAIL for
 * what may go away by itself, EX_UNAVAILABLE for a lost connection, EX_CONFIG
 * for names that are missing or taken, EX_SOFTWARE for the rest.
 */
#ifndef SENSORPIPE_DB_H
#define SENSORPIPE_DB_H

#include "link/pg.h"

#include <stdbool.h>

/* Connects; EX_NOPERM, EX_CONFIG or EX_UNAVAILABLE when that fails. */
PGconn *db_connect(const char *conninfo);

/* The exit status that a failure deserves: of the last pg_connect(), or of a statement with this
 * SQLSTATE (NULL: none was given). */
int db_connect_status(void);
int db_status(const PGconn *conn, const char *sqlstate);

/* Runs one or several statements without parameters. */
void db_run(PGconn *conn, const char *what, const char *sql);

/* Runs a query of one statement; $1 is `param` unless that is NULL. The caller clears the result.
 */
PGresult *db_query(PGconn *conn, const char *what, const char *sql, const char *param);

/* The same with any number of parameters. */
PGresult *db_query_params(PGconn *conn, const char *what, const char *sql, int count,
                          const char *const params[]);

/* How a statement failed that does not end the tool. */
struct db_failure {
	int status;                   /* the exit status it deserves */
	char why[2 * PG_MESSAGE_MAX]; /* `what: the server's message`, with its hint */
};

/* As db_query_params(), but NULL when it failed. */
PGresult *db_try(PGconn *conn, const char *what, const char *sql, int count,
                 const char *const params[], struct db_failure *failure);

/* Ends the process for a statement that failed, as the functions here do. */
_Noreturn void db_fail(const PGconn *conn, const PGresult *result, const char *what);

/* The first column of the first row of a query; false when that is null or there is no row. Texts
 * that do not fit are cut. */
bool db_value(PGconn *conn, const char *what, const char *sql, const char *param, char *value,
              size_t size);

#endif
