/*
 * store: one batch into the database, and the outcome of each of its readings.
 *
 * Few rows go by INSERT (insert.h), many by COPY (copy.h) unless the batch
 * before had rows that were there already. What is there is compared with what
 * came (compare.h): after the INSERT, or before it where much is expected to be
 * there, which saves the INSERT. A batch that COPY does not take is done again
 * that way; one that INSERT does not take has a bad reading, which is found by
 * halving the batch: the good ones commit in log2(n) transactions for each bad
 * one, which is rejected with the server's words.
 *
 * The watermark is committed with the last of the batch, unless readings of it
 * were rejected: their dead letters must be written first, so it goes with the
 * next one. A crash in between repeats readings, which then are duplicates, or
 * are rejected again.
 */
#ifndef TSDB_COPY_STORE_H
#define TSDB_COPY_STORE_H

#include "attempt.h"
#include "batch.h"
#include "latest.h"
#include "register.h"
#include "session.h"

#include <stdbool.h>

struct store {
	struct session session;
	size_t copy_min;      /* rows from which on COPY is worth it */
	bool replace;         /* a value that is stored, by another one that comes for its key */
	struct latest latest; /* of what was stored, to be written by the caller */

	/* Private. */
	bool expect_duplicates;
	struct registry registry;
	struct attempt attempt;
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
