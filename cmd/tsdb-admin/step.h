/*
 * step: a statement that is a transaction of its own, that can be stopped, and that gives way.
 *
 * A step that needs a lock others hold waits for it only a moment, since all
 * who come later wait behind it, and tries again after a pause. A request to
 * stop (base/stop.h) cancels the statement, which then has done nothing.
 */
#ifndef SENSORPIPE_TSDB_ADMIN_STEP_H
#define SENSORPIPE_TSDB_ADMIN_STEP_H

#include "link/pg.h"

#define STEP_LOCK_WAIT "100ms"         /* for a lock, each time */
#define STEP_PAUSE     INT64_C(400000) /* microseconds between two tries, at most */
enum { STEP_TRIES = 20 };

enum step_end { STEP_DONE, STEP_IN_USE, STEP_STOPPED };

/* Sets the session up; to be called first. */
void step_init(PGconn *conn);

/*
 * Runs one statement, up to `tries` times while what it locks is in use. After
 * STEP_DONE *result is the caller's to clear. Any other failure ends the
 * process as those of link/db.h do, reported as `what`.
 */
enum step_end step_run(PGconn *conn, const char *what, const char *sql, unsigned tries,
                       PGresult **result);

#endif
