/*
 * status: what is in the database, as a page for a person or as JSON.
 *
 * The page is a list of sections, each a query; both forms show the same
 * columns (see report.h).
 */
#ifndef SENSORPIPE_TSDB_ADMIN_STATUS_H
#define SENSORPIPE_TSDB_ADMIN_STATUS_H

#include "link/pg.h"

#include <stdbool.h>

void status_print(PGconn *conn, bool json);

#endif
