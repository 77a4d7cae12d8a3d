/*
 * session: one connection to the database, and what a failure of it means.
 */
#ifndef TSDB_COPY_SESSION_H
#define TSDB_COPY_SESSION_H

#include "link/pg.h"

#include <stddef.h>
#include <stdint.h>

/* How a command ended. */
enum db_status {
	DB_OK,
	DB_DUPLICATE, /* unique_violation: a key is there already */
	DB_BAD_DATA,  /* this data cannot be stored; other data can */
	DB_TRANSIENT, /* may go away by itself: connect and try again */
	DB_FATAL,     /* an operator is needed */
};

struct session {
	const char *source; /* whose watermark it is */
	PGconn *conn;       /* NULL: closed */
	uint64_t watermark; /* of the source, as last read or committed here; 0: none */
	int64_t clock; /* the server's clock (since 1970) less clock_monotonic(), microseconds */

	/* Of the last command that failed. */
	char sqlstate[6];
	char error[PG_MESSAGE_MAX];
};

/* What an SQLSTATE ("": no answer of a server) means for the data that was being written. */
enum db_status db_classify(const char *sqlstate);

/* For DB_FATAL: the exit status, and the way out or "". */
int db_exit_status(const char *sqlstate);
const char *db_way_out(const char *sqlstate);

/* Connects; on failure s->conn is NULL. */
enum db_status session_open(struct session *s, const char *conninfo);
void session_close(struct session *s);

/* The server's clock, in microseconds since 1970: an estimate, as of when the watermark was read.
 */
int64_t session_now(const struct session *s);

/* Runs a command without parameters and result. */
enum db_status session_command(struct session *s, const char *sql);

/* Ends a transaction that failed for `cause`, and gives `cause` back (whose error is kept), or what
 * became of the rollback. After DB_TRANSIENT the session is to be closed, which ends it too. */
enum db_status session_rollback(struct session *s, enum db_status cause);

/* Parameters of a statement: text, or with lengths, formats and types as libpq takes them. */
struct session_params {
	int count;
	const char *const *values;
	const int *lengths;
	const int *formats;
	const Oid *types;
};

/* Runs one statement. DB_OK gives *result, its columns in binary, which the caller clears. */
enum db_status session_query(struct session *s, const char *sql, const struct session_params *p,
                             PGresult **result);

/* For an answer that is not what this schema's function gives: DB_FATAL, as if it were missing. */
enum db_status session_mismatch(struct session *s, const char *what);

/* For a database that this tool must not write to: DB_FATAL, of EX_CONFIG. */
enum db_status session_refuse(struct session *s, const char *why);

/* Keeps the error of `result`, clears it and says what it means. */
enum db_status session_failed(struct session *s, PGresult *result);

#endif
