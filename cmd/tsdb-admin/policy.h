/*
 * policy: how long readings and rollups are kept, and when they are compressed.
 *
 * The database has them by the same names on every engine: the relation
 * `policies` shows them, the function set_policy() changes one.
 */
#ifndef SENSORPIPE_TSDB_ADMIN_POLICY_H
#define SENSORPIPE_TSDB_ADMIN_POLICY_H

#include "link/pg.h"

#include <stdbool.h>
#include <stddef.h>

enum { POLICIES_MAX = 8, POLICY_AGE_MAX = 64 };

struct policy {
	const char *name;         /* one of those that policy_parse() knows */
	char age[POLICY_AGE_MAX]; /* an interval as PostgreSQL reads it; "" for never */
	double seconds;           /* the same; INFINITY for never */
};

/* Those of a database, or those that are to be changed. */
struct policies {
	struct policy all[POLICIES_MAX];
	size_t count;
};

/* ---- no I/O ---- */

/* Adds NAME=AGE to the list, AGE being a number with h, d, w or y (365.25 days), or "never". NULL,
 * or what is wrong with it, a static text. */
const char *policy_parse(struct policies *list, const char *text);

/*
 * Whether the policies go together once `changes` are made: readings are not
 * kept longer than the rollups made of them. If not, writes into `fault` what is wrong.
 */
bool policy_check(const struct policies *now, const struct policies *changes, char *fault,
                  size_t size);

/* ---- with a database ---- */

void policy_print(PGconn *conn, bool json);

/* Makes the changes, all or none, or prints them as a diff. */
void policy_set(PGconn *conn, const struct policies *changes, bool dry_run);

#endif
