/*
 * hand: SQL that is run, or for --dry-run printed, the same text either way.
 */
#ifndef SENSORPIPE_TSDB_ADMIN_HAND_H
#define SENSORPIPE_TSDB_ADMIN_HAND_H

#include "link/pg.h"

#include <stdbool.h>

struct hand {
	PGconn *conn;
	bool dry_run;
};

/* Runs or prints one or several statements; a failure ends the process as db_run() does. */
void hand_perform(const struct hand *hand, const char *what, const char *sql);

/* Asks the query for statements, in its first column, and performs them one after the other.
 * Returns how many there were. */
int hand_perform_all(const struct hand *hand, const char *what, const char *query);

/*
 * Becomes the owner of the schema, so that all that is made belongs to that
 * role, whoever is at work: for roles that are members of the owner, and
 * superusers. Others stay who they are, and so does everybody where there is no
 * schema. Lasts until RESET ROLE.
 */
void hand_become_owner(const struct hand *hand);

/* To be called at the end of a dry run. */
void hand_flush(void);

#endif
