/*
 * grant: the roles sensorpipe_writer, _replacer, _reader and _admin, and their rights.
 *
 * Roles belong to the server, rights to a database. What is granted is listed
 * in sql/grant/; it is granted anew as a whole, in one transaction, so that the
 * roles have that in the end and nothing more.
 */
#ifndef SENSORPIPE_TSDB_ADMIN_GRANT_H
#define SENSORPIPE_TSDB_ADMIN_GRANT_H

#include "hand.h"
#include "link/pg.h"

#include <stdbool.h>

/* For opt_choice(), which gives the index of one. */
extern const char *const grant_roles[];

/* Makes the roles and gives them their rights; a login role `name`, unless NULL, becomes a member
 * of the role with this index. */
void grant_run(PGconn *conn, int role, const char *name, bool dry_run);

/* Gives the roles their rights on what was made since, as the owner of the schema; nothing where
 * they have none in this database. */
void grant_again(const struct hand *hand);

#endif
