#include "schema_check.h"

#include "schema_version.h"

#include <stdio.h>
#include <stdlib.h>

/* Runs a query of one value. DB_OK: *text is the value, cut to its size, or "" for none. */
static enum db_status ask(struct session *s, const char *sql, char *text, size_t size)
{
	const struct session_params none = {0};
	PGresult *result;
	enum db_status status = session_query(s, sql, &none, &result);

	if (status != DB_OK)
		return status;
	snprintf(text, size, "%s", PQgetvalue(result, 0, 0));
	PQclear(result);
	return DB_OK;
}

enum db_status schema_check(struct session *s)
{
	char readable[8], version[16], what[160];
	enum db_status status = ask(
	    s, "SELECT has_table_privilege(to_regclass('schema_migrations'), 'SELECT')::text",
	    readable, sizeof(readable));

	if (status != DB_OK || readable[0] != 't')
		return status;
	status = ask(s, "SELECT max(version)::text FROM schema_migrations", version,
	             sizeof(version));
	if (status != DB_OK || atoi(version) <= SCHEMA_VERSION)
		return status;
	snprintf(what, sizeof(what),
	         "the database has schema version %s, which this tool does not know "
	         "(its newest is %d): use a newer tsdb-copy",
	         version, (int)SCHEMA_VERSION);
	return session_refuse(s, what);
}
