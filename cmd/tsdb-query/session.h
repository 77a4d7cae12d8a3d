/*
 * session: a connection that reads, and sees one state of the database from its first statement
 * to its end.
 */
#ifndef TSDB_QUERY_SESSION_H
#define TSDB_QUERY_SESSION_H

#include "cover.h"
#include "link/db.h"

/* Connects as db_connect(). Nothing can be written. Timeouts are those of the server or the role.
 */
PGconn *session_open(const char *conninfo);

/* What is stored of the rollups. A database without them ends the process with EX_CONFIG. */
void session_ask_rollups(PGconn *conn, struct rollup *hourly, struct rollup *daily);

/* Ends the process with EX_CONFIG when the server cannot make buckets (date_bin, PostgreSQL 14). */
void session_require_buckets(const PGconn *conn);

/* Ends the process with EX_CONFIG where there are no profiles of days. */
void session_require_profiles(PGconn *conn);

void session_close(PGconn *conn);

#endif
