/*
 * doctor_ask: a question to the database that changes nothing and never waits long.
 */
#ifndef SENSORPIPE_TSDB_ADMIN_DOCTOR_ASK_H
#define SENSORPIPE_TSDB_ADMIN_DOCTOR_ASK_H

#include "findings.h"
#include "link/pg.h"

#define DOCTOR_LOCK_WAIT "3s" /* for a lock on what is asked about */

/* NULL when it failed, which is a finding of this name then: skipped where the role lacks a right,
 * else a problem. The caller clears the result. */
PGresult *doctor_ask(struct findings *f, PGconn *conn, const char *name, const char *sql);

#endif
