/*
 * sections: the parts of the page that status shows, each a query in sql/status/ and its result.
 *
 * None of the queries reads more than some pages of the readings, however many
 * there are: what is counted comes from catalogs and rollups.
 */
#ifndef SENSORPIPE_TSDB_ADMIN_SECTIONS_H
#define SENSORPIPE_TSDB_ADMIN_SECTIONS_H

#include "base/buf.h"
#include "link/db.h"
#include "schema.h"

#include <stdbool.h>

/* As text: titles with what belongs to them, blank lines between. False: with the failure, and
 * `out` holding a part. */
bool sections_append_text(struct buf *out, PGconn *conn, const struct schema *schema,
                          struct db_failure *failure);

/* As members of an object, each after a comma. */
bool sections_append_json(struct buf *out, PGconn *conn, const struct schema *schema,
                          struct db_failure *failure);

#endif
