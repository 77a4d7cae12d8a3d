/*
 * store: one batch into the database, and the outcome of each of its readings.
 *
 * Few rows go by INSERT (insert.h), many by COPY (copy.h) unless the batch
 * before had readings that were stored already. A batch that COPY does not take is done again
 * by INSERT; one that INSERT does not take has a bad reading, which is found by
 * halving the batch: the good ones commit in log2(n) transactions for each bad
 * one, which is rejected with the server's words.
 *
 * The watermark is committed with the batch, unless readings of it were
 * rejected: their dead letters must be written first, so it goes with the next
 * one. A crash in between repeats readings, which are duplicates then.
 */
#ifndef TSDB_COPY_STORE_H
#define TSDB_COPY_STORE_H

#include "batch.h"
#include "insert.h"
#include "register.h"
#include "rows.h"
#include "session.h"

#include <stdbool.h>

struct store {
	struct session session;
	size_t copy_min; /* rows from which on COPY is worth it */

	/* Private. */
	bool expect_duplicates;
	struct registry registry;
	struct row_set rows;
	struct insert insert;
	struct buf chunk;
};

/* Opens the session, and forgets what was known of another one. */
enum db_status store_open(struct store *st, const char *conninfo);

/*
 * Stores a batch. DB_OK: every reading is settled. DB_TRANSIENT or DB_FATAL:
 * some may be; a later call stores the rest.
 *
 * `committed`: the batch was written before and only the server's word was
 * lost (see writer.c). It is written again, which changes nothing; what is
 * there counts as stored.
 */
enum db_status store_batch(struct store *st, struct batch *b, bool committed);

void store_free(struct store *st);

#endif
