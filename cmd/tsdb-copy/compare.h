/*
 * compare: rows with those that are there already.
 *
 * A statement of its own, so that it sees what the INSERT before it ran into:
 * at READ COMMITTED, ON CONFLICT DO NOTHING waits for a transaction that is
 * writing the same key and then leaves the row alone, although the snapshot of
 * the INSERT does not show what that transaction committed; that of the next
 * statement does. The one writer whose row got in, and every other, so agree on
 * what is stored; a row is only compared with one that is committed. (Under a
 * stricter isolation level the INSERT fails in that case, and is tried again.)
 *
 * Each key is looked up by the primary key, in the partition of its day; a
 * statement is of one day if that has many rows. Only rows that differ, or are
 * missing, come back. What is packed is made rows first (touched.h).
 */
#ifndef TSDB_COPY_COMPARE_H
#define TSDB_COPY_COMPARE_H

#include "attempt.h"
#include "session.h"

/*
 * Compares the open rows. Those that are missing stay open.
 *
 * Where what is stored stays, the others are present or differ then, and every
 * value that came (of a repeated key, each) and differs is a conflict. Where it is to be
 * replaced, a row is changed if the first value to arrive differs from the
 * stored one, or a later one from that before it; else it is present.
 */
enum db_status compare_rows(struct attempt *a);

#endif
