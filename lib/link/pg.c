#include "link/pg.h"

#include "base/msg.h"
#include "base/secret.h"

#include <stdio.h>
#include <string.h>

/*
 * What is left of a message of several lines, in one line: line ends and the
 * white space after them become "; ", and the LOCATION line of a verbose
 * message is dropped.
 */
static void fold(char out[PG_MESSAGE_MAX], const char *text)
{
	size_t len = 0;

	while (*text != '\0') {
		size_t line = strcspn(text, "\n");

		if (line > 0 && strncmp(text, "LOCATION:", 9) != 0) {
			int n = snprintf(out + len, PG_MESSAGE_MAX - len, "%s%.*s",
			                 len > 0 ? "; " : "", (int)line, text);

			len += (size_t)n;
			if (len >= PG_MESSAGE_MAX)
				return;
		}
		text += line;
		text += strspn(text, "\n\t ");
	}
	out[len] = '\0';
}

/* Finds "FATAL:  28P01: " in a verbose message and takes the SQLSTATE out of it. */
static void take_sqlstate(char *message, char sqlstate[6])
{
	char *mark = message;

	sqlstate[0] = '\0';
	while ((mark = strstr(mark, ":  ")) != NULL) {
		char *code = mark + 3;

		mark = code;
		if (strspn(code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 5 || code[5] != ':')
			continue;
		memcpy(sqlstate, code, 5);
		sqlstate[5] = '\0';
		memmove(code, code + 7, strlen(code + 7) + 1);
	}
}

static void show_warning(void *arg, const PGresult *result)
{
	const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);

	(void)arg;
	if (severity != NULL && strcmp(severity, "WARNING") == 0)
		msg_warn("database: %s", pg_result_message(result));
}

static PGconn *open_conn(const char *conninfo)
{
	/* As psql does: a dbname that looks like a connection string is expanded to what it holds.
	 * That overrides what comes before it: a host that vanished is noticed within a minute
	 * instead of hours. What comes after it overrides it. */
	const char *const keywords[] = {
	    "keepalives_idle", "keepalives_interval",       "keepalives_count", "tcp_user_timeout",
	    "dbname",          "fallback_application_name", "client_encoding",  NULL};
	const char *const values[] = {"30", "10", "3", "60000", conninfo, msg_tool(), "UTF8", NULL};

	/* The library may read a password or a key. */
	secret_no_core();
	return PQconnectdbParams(keywords, values, 1);
}

static bool prepare_session(PGconn *conn)
{
	PGresult *result = PQexec(conn, "SET datestyle TO ISO; SET timezone TO UTC");
	bool ok = PQresultStatus(result) == PGRES_COMMAND_OK;

	PQclear(result);
	return ok;
}

static _Thread_local char connect_sqlstate[6];

PGconn *pg_connect(const char *conninfo, const char **why)
{
	static _Thread_local char message[PG_MESSAGE_MAX];
	PGconn *conn = open_conn(conninfo);

	connect_sqlstate[0] = '\0';
	if (conn == NULL) {
		*why = "out of memory";
		return NULL;
	}
	/* libpq tells the SQLSTATE of a refusal only in a verbose message, and takes the wish for
	 * that only once the PGconn exists: so what failed is tried a second time, verbosely. */
	if (PQstatus(conn) != CONNECTION_OK) {
		PQsetErrorVerbosity(conn, PQERRORS_VERBOSE);
		PQreset(conn);
		PQsetErrorVerbosity(conn, PQERRORS_DEFAULT);
	}
	if (PQstatus(conn) != CONNECTION_OK || !prepare_session(conn)) {
		fold(message, PQerrorMessage(conn));
		take_sqlstate(message, connect_sqlstate);
		if (PQconnectionNeedsPassword(conn)) /* asked for, but there is none to send */
			memcpy(connect_sqlstate, "28P01", 6);
		*why = message;
		PQfinish(conn);
		return NULL;
	}
	PQsetNoticeReceiver(conn, show_warning, NULL);
	return conn;
}

const char *pg_connect_sqlstate(void)
{
	return connect_sqlstate;
}

static bool is_uri(const char *conninfo)
{
	return strncmp(conninfo, "postgresql://", 13) == 0 ||
	       strncmp(conninfo, "postgres://", 11) == 0;
}

/* libpq's word on a conninfo may quote any part of it, so it is shown only where that is no secret.
 */
static _Noreturn void refuse_conninfo(const char *option, const char *conninfo, char *why)
{
	char message[PG_MESSAGE_MAX];

	fold(message, why != NULL ? why : "out of memory");
	PQfreemem(why);
	if (is_uri(conninfo) || strstr(conninfo, "pass") != NULL)
		msg_usage("%s: not a valid connection string", option);
	msg_usage("%s: %s", option, message);
}

void pg_check_conninfo(const char *option, const char *conninfo)
{
	char *why = NULL;
	PQconninfoOption *parsed;

	if (!is_uri(conninfo) && strchr(conninfo, '=') == NULL)
		return; /* the name of a database */
	parsed = PQconninfoParse(conninfo, &why);
	if (parsed == NULL)
		refuse_conninfo(option, conninfo, why);
	for (const PQconninfoOption *o = parsed; o->keyword != NULL; o++) {
		/* libpq marks secrets with '*' (password, sslpassword). */
		if (o->dispchar[0] == '*' && o->val != NULL && o->val[0] != '\0')
			msg_usage(
			    "%s: a %s on the command line is seen by every user of this machine: "
			    "put it into ~/.pgpass (or passfile=FILE, or a service file)",
			    option, o->keyword);
	}
	PQconninfoFree(parsed);
}

bool pg_is_transient(const char *sqlstate)
{
	static const char *const classes[] = {"08", "40", "53"};
	static const char *const codes[] = {"25006", "25P03", "55P03", "57P01",
	                                    "57P02", "57P03", "57P05"};

	if (sqlstate == NULL || sqlstate[0] == '\0')
		return true;
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (strncmp(sqlstate, classes[i], 2) == 0)
			return true;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (strcmp(sqlstate, codes[i]) == 0)
			return true;
	return false;
}

const char *pg_result_message(const PGresult *result)
{
	static _Thread_local char message[PG_MESSAGE_MAX];
	const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	if (text == NULL)
		text = PQresultErrorMessage(result);
	if (text[0] == '\0')
		text = "no answer from the server";
	snprintf(message, sizeof(message), "%.*s", (int)strcspn(text, "\n"), text);
	return message;
}
