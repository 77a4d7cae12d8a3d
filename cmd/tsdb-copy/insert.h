/*
 * insert: rows by INSERT ... ON CONFLICT: idempotent.
 *
 * A slice of rows and the watermark are one statement: one round trip, and its
 * own transaction. More rows than ARRAYS_ROWS are several slices in one
 * transaction.
 *
 * insert_new() leaves a row whose key is there already alone; the keys that
 * come back tell which were new. Its watermark is written only if all were: a
 * row that was there may hold another value, and the dead letter that would
 * follow must be on disk first (compare.h goes on from there).
 */
#ifndef TSDB_COPY_INSERT_H
#define TSDB_COPY_INSERT_H

#include "attempt.h"
#include "session.h"

/* Stores the open rows. Those that were new are then written, the others stay open. When it fails,
 * all stay open. */
enum db_status insert_new(struct attempt *a);

/* Stores the changed rows over those that are there. They are then written; when it fails, they
 * stay changed. */
enum db_status insert_over(struct attempt *a);

#endif
