/*
 * maintain: does what is due in the database: stores rollups, drops what is old, makes partitions.
 *
 * What is due, the queries in sql/maintain/ tell, one statement a step; this
 * module runs them one after the other, each a transaction of its own. So a
 * run may be stopped or killed at any moment: the next one goes on from there.
 * One run works at a time, under an advisory lock.
 */
#ifndef SENSORPIPE_TSDB_ADMIN_MAINTAIN_H
#define SENSORPIPE_TSDB_ADMIN_MAINTAIN_H

#include "link/pg.h"

#include <stdbool.h>

/*
 * Does what is due, or prints its SQL. Returns the exit status: EX_OK, also
 * when it was stopped or another run is at work; EX_TEMPFAIL when something was in
 * use and is left for the next run. `metrics`: see maintain_metrics.h.
 */
int maintain_run(PGconn *conn, bool dry_run, bool show_progress, const char *metrics);

#endif
