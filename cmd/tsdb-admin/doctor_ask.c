#include "doctor_ask.h"

#include "base/msg.h"
#include "link/db.h"

static void add_failure(struct findings *f, const char *name, const struct db_failure *failure)
{
	switch (failure->status) {
	case EX_NOPERM:
		findings_add(f, LEVEL_SKIPPED, name, failure->why, NULL);
		break;
	case EX_TEMPFAIL: /* a lock, most likely */
		findings_add(f, LEVEL_PROBLEM, name, failure->why,
		             "SELECT pg_terminate_backend(pid) FROM pg_locks "
		             "WHERE mode = 'AccessExclusiveLock' AND granted; -- or wait for it");
		break;
	default:
		findings_add(f, LEVEL_PROBLEM, name, failure->why,
		             "look into the log of the server");
	}
}

PGresult *doctor_ask(struct findings *f, PGconn *conn, const char *name, const char *sql)
{
	struct db_failure failure;
	PGresult *result;

	db_run(conn, "cannot begin",
	       "BEGIN READ ONLY; SET LOCAL lock_timeout TO '" DOCTOR_LOCK_WAIT "'");
	result = db_try(conn, "cannot be checked", sql, 0, NULL, &failure);
	if (result == NULL)
		add_failure(f, name, &failure);
	db_run(conn, "cannot end", "ROLLBACK");
	return result;
}
