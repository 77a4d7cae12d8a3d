#include "watermark.h"

#include "base/msg.h"
#include "link/db.h"
#include "schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As text, so that it reads the same whatever integer type the column has. */
static const char query[] = "SELECT seq::text FROM ingest_watermarks WHERE source = $1";

void watermark_print(PGconn *conn, const char *source)
{
	char seq[32];

	schema_require(conn);
	if (db_value(conn, "cannot read the watermark", query, source, seq, sizeof(seq)))
		puts(seq);
	else
		puts("0");
}

static void take_result(struct watermark *w, const PGconn *conn, const PGresult *result)
{
	const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	if (PQresultStatus(result) == PGRES_TUPLES_OK) {
		if (PQntuples(result) > 0)
			w->seq = strtoull(PQgetvalue(result, 0, 0), NULL, 10);
		return;
	}
	w->status = db_status(conn, sqlstate);
	if (sqlstate != NULL && strcmp(sqlstate, "42P01") == 0)
		snprintf(w->why, sizeof(w->why), SCHEMA_NONE, PQdb(conn));
	else
		snprintf(w->why, sizeof(w->why), "cannot read the watermark: %s",
		         pg_result_message(result));
}

struct watermark watermark_try(const char *conninfo, const char *source)
{
	struct watermark w = {.status = EX_OK};
	const char *why;
	PGconn *conn = pg_connect(conninfo, &why);
	PGresult *result;

	if (conn == NULL) {
		w.status = db_connect_status();
		snprintf(w.why, sizeof(w.why), "cannot connect: %s", why);
		return w;
	}
	result = PQexecParams(conn, query, 1, NULL, &source, NULL, NULL, 0);
	take_result(&w, conn, result);
	PQclear(result);
	PQfinish(conn);
	return w;
}
