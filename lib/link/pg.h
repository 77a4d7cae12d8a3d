/*
 * pg: a PostgreSQL connection as the tools use it (over libpq).
 *
 * Connection strings, the PG* environment, service files and .pgpass work as
 * in psql(1). Secrets come from there, never from argv: a conninfo with a
 * password in it is refused with a word on the passfile. Messages never
 * contain the password.
 *
 * Every session runs with: client_encoding UTF8, datestyle ISO, timezone UTC,
 * application_name the tool's name unless the caller set one. Warnings of the
 * server are shown as the tool's own; notices and below are not shown.
 *
 * The texts that functions here return live until the next call of the same
 * function in the same thread.
 */
#ifndef SENSORPIPE_PG_H
#define SENSORPIPE_PG_H

#include <libpq-fe.h>
#include <stdbool.h>

enum { PG_MESSAGE_MAX = 1024 }; /* bytes of a returned text with its NUL; longer ones are cut */

/* Connects. Returns NULL on failure; *why is then a text of one line without a newline. `conninfo`
 * is a connection string, a database name, or "" for the environment alone. */
PGconn *pg_connect(const char *conninfo, const char **why);

/* After a pg_connect() of this thread that failed: the SQLSTATE with which the server refused
 * (28P01 wrong password, 3D000 no such database, 57P03 starting up), or "" when no server answered.
 */
const char *pg_connect_sqlstate(void);

/* Ends the process with EX_USAGE when the conninfo holds a password or does not parse. */
void pg_check_conninfo(const char *option, const char *conninfo);

/* True when an error may go away by itself, so trying again makes sense: no answer of a server
 * (NULL or ""), connection failures (class 08, 57P01 to 57P03), idle timeouts (57P05, 25P03), a
 * server that became a standby (25006), serialization and deadlock (class 40), too many connections
 * and other lack of resources (class 53), lock not available (55P03). */
bool pg_is_transient(const char *sqlstate);

/* The first line of the server's or libpq's message, without a final newline. */
const char *pg_result_message(const PGresult *result);

#endif
