/*
 * copy: a batch by COPY: the fast way in for many rows, as long as every key is new.
 *
 * The watermark and a COPY of each table are one query of several statements,
 * which PostgreSQL runs as one transaction: two round trips. The rows are sent
 * in binary and in the order of the key, which makes the index cheap to extend.
 * A key that is there already ends it with DB_DUPLICATE and nothing stored;
 * insert.h then is the way in.
 */
#ifndef TSDB_COPY_COPY_H
#define TSDB_COPY_COPY_H

#include "attempt.h"
#include "base/buf.h"
#include "session.h"

/* Stores all rows. `chunk` is scratch memory. */
enum db_status copy_rows(struct attempt *a, struct buf *chunk);

#endif
