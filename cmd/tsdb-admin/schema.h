/*
 * schema: creates the schema and brings it up to date.
 *
 * Everything is one transaction, under an advisory lock: run by two at once,
 * the second finds the work done. Waiting for locks is bounded by SCHEMA_LOCK_TIMEOUT.
 */
#ifndef SENSORPIPE_TSDB_ADMIN_SCHEMA_H
#define SENSORPIPE_TSDB_ADMIN_SCHEMA_H

#include "engine.h"
#include "hand.h"
#include "link/db.h"
#include "plan.h"

#include <stdbool.h>

#define SCHEMA_LOCK_TIMEOUT "1min"

/* Days for which a partition is kept ready on the postgresql engine, counted from today (UTC). */
enum { SCHEMA_DAYS_BEHIND = 1, SCHEMA_DAYS_AHEAD = 7 };

/* What is there. Owns the result that the plan's `applied` points into. */
struct schema {
	struct plan plan;
	struct applied *applied;
	PGresult *result;
};

/* Reads what is there; false when the database has no schema. */
bool schema_read(PGconn *conn, struct schema *schema);

/* The same for those who go on when it fails: false, with the failure, also when there is none. */
bool schema_try(PGconn *conn, struct schema *schema, struct db_failure *failure);
void schema_free(struct schema *schema);

/* What is wrong where there is none; takes the database's name. */
#define SCHEMA_NONE "database '%s' has no sensorpipe schema: run 'tsdb-admin init'"

/* Ends the process with EX_CONFIG unless there is a schema; a schema newer than the tool passes. */
void schema_require(PGconn *conn);

/* The same for those who change what is there: also when it has steps that this tool does not know,
 * or others than it knows; an older one passes. */
void schema_require_known(PGconn *conn);

/* Begins the transaction of one who changes the schema or the rights on it, when no other does. */
void schema_begin(const struct hand *hand);

/* Creates the schema, or brings the one that is there up to date. */
void schema_init(PGconn *conn, enum engine_wish wish, bool dry_run);

/* Brings the schema up to date; EX_CONFIG when there is none. */
void schema_migrate(PGconn *conn, bool dry_run);

#endif
