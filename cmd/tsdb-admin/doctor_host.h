/*
 * doctor_host: what a client sees of the server that SQL does not tell: the way
 * to it, its clock beside ours, and the disk below it where that is ours.
 */
#ifndef SENSORPIPE_TSDB_ADMIN_DOCTOR_HOST_H
#define SENSORPIPE_TSDB_ADMIN_DOCTOR_HOST_H

#include "findings.h"
#include "link/pg.h"
#include "plan.h"

#include <stdint.h>

/* ---- no I/O ---- */

/* Of a clock that is ahead of ours by `offset`, or behind, give or take `doubt` microseconds: a
 * warning beyond a second, a problem beyond a minute. */
enum level doctor_clock_level(int64_t offset, int64_t doubt);

/* Of `free` bytes below a database that grows by `growth` bytes a day (0: not known): a problem if
 * they last for less than a day or are less than 256 MB, a warning for a week or 1 GB. */
enum level doctor_disk_level(uint64_t free, uint64_t growth);

/* ---- with a database ---- */

/* The way to the server: who, where, and how far; whether strangers can read along. */
void doctor_connection(struct findings *f, PGconn *conn);
void doctor_tls(struct findings *f, PGconn *conn);

void doctor_clock(struct findings *f, PGconn *conn);

/* `plan`: that of the schema; NULL: it is not known. */
void doctor_disk(struct findings *f, PGconn *conn, const struct plan *plan);

#endif
