/*
 * session: a connection that reads, and sees one state of the database from its first statement
 * to its end.
 */
#ifndef TSDB_QUERY_SESSION_H
#define TSDB_QUERY_SESSION_H

#include "link/db.h"

#include <stdbool.h>

/* Connects as db_connect(). Nothing can be written. Timeouts are those of the server or the role.
 */
PGconn *session_open(const char *conninfo);

/* Whether the rollups are kept, or are views that compute them from the readings. A database
 * without them, or without a schema, ends the process with EX_CONFIG. */
void session_ask_rollups(PGconn *conn, bool *hourly_stored, bool *daily_stored);

/* Ends the process with EX_CONFIG when the server cannot make buckets (date_bin, PostgreSQL 14). */
void session_require_buckets(const PGconn *conn);

void session_close(PGconn *conn);

#endif
