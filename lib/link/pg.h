/*
 * pg: a PostgreSQL connection as the tools use it (over libpq).
 *
 * Connection strings, the PG* environment, service files and .pgpass work as
 * in psql(1). Secrets come from there, never from argv: a conninfo with a
 * password in it is refused with a word on the passfile. Messages never
 * contain the password.
 *
 * Every session runs with: client_encoding UTF8, datestyle ISO, timezone UTC,
 * application_name the tool's name unless the caller set one.
 */
#ifndef SENSORPIPE_PG_H
#define SENSORPIPE_PG_H

#include <libpq-fe.h>
#include <stdbool.h>

/* Connects. Returns NULL on failure; *why is then a static or internal text valid until the next
 * call, without a final newline. `conninfo` may be "" for the environment alone. */
PGconn *pg_connect(const char *conninfo, const char **why);

/* Ends the process with EX_USAGE when the conninfo holds a password or does not parse. */
void pg_check_conninfo(const char *option, const char *conninfo);

/* True when an error may go away by itself, so trying again makes sense: connection failures
 * (class 08, 57P01 to 57P03), serialization and deadlock (class 40), too many connections and other
 * lack of resources (class 53), lock not available (55P03). */
bool pg_is_transient(const char *sqlstate);

/* The first line of the server's or libpq's message, without a final newline; valid until the
 * result is cleared. */
const char *pg_result_message(const PGresult *result);

#endif
