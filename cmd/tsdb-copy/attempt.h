/*
 * attempt: one attempt to store a range of readings, and what became of each.
 *
 * Its steps (copy.h, insert.h, compare.h) are a transaction each: rows go in,
 * those that were there already are compared, and where that is wanted written
 * over. After a failure all is done again from the first step on, and ends the
 * same.
 *
 * The watermark goes with the step after which nothing is left to be done: no
 * row to be compared or written over, and no dead letter to be written first.
 */
#ifndef TSDB_COPY_ATTEMPT_H
#define TSDB_COPY_ATTEMPT_H

#include "arrays.h"
#include "batch.h"
#include "conflict.h"
#include "rows.h"
#include "session.h"
#include "touched.h"

#include <stdbool.h>
#include <stdint.h>

struct attempt {
	struct session *session;
	struct batch *batch;
	size_t from, to; /* the readings */
	struct row_set rows;
	struct conflicts conflicts; /* found so far */
	uint64_t watermark;         /* 0: none is to be written */
	bool marked;                /* it is written */
	struct touched touched;     /* by the rows */
	bool in_transaction;        /* a step is under way in one that was begun for it */

	struct arrays arrays; /* scratch memory */
};

/* The watermark, if a step that leaves no row open may write it; else 0. */
static inline uint64_t attempt_watermark(const struct attempt *a)
{
	bool done = !a->conflicts.count && !(a->rows.replace && rows_any(&a->rows, ROW_CHANGED));

	return done && !a->marked ? a->watermark : 0;
}

/* Collects the open readings of [from, to). */
void attempt_begin(struct attempt *a, struct batch *b, size_t from, size_t to, bool replace,
                   uint64_t watermark);

/*
 * Around a step that writes rows: where they touch stored rollups, one transaction
 * begins that notes it, and ends with the step, whose result is given and comes
 * back unless the end fails.
 */
enum db_status attempt_open_step(struct attempt *a);
enum db_status attempt_end_step(struct attempt *a, enum db_status status);

/* To be called when all rows are known to be written. */
void attempt_all_written(struct attempt *a);

/* To be called once, when the new rows are committed: counts them, and marks their readings. */
void attempt_count_written(struct attempt *a);

/* Settles the readings. */
void attempt_settle(struct attempt *a);

void attempt_free(struct attempt *a);

#endif
