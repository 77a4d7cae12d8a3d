/*
 * writer: the thread that stores batches, and reconnects when it must.
 *
 * Batches change hands whole: writer_give() hands one over, writer_take() gives
 * it back when every reading of it is settled. So two batches are all there is
 * in memory: one being filled, one being stored. All functions are to be called
 * by one other thread.
 *
 * When the database does not answer or fails in a way that may pass
 * (DB_TRANSIENT), the thread connects again, with exponential backoff and full
 * jitter (link/backoff.h), and stores the batch anew. The first failure, another
 * cause of it, and the recovery are reported, not every attempt.
 *
 * A commit whose confirmation was lost is in doubt. The batch is written again,
 * which the key makes harmless; the watermark read after the reconnect tells
 * whether what is found there then counts as stored by this run or as duplicate.
 *
 * Between the batches, and when there is none, it writes the latest readings of
 * the series (latest.h). A failure of that stops nothing.
 *
 * A watermark that is lower than before means that the database has an older state
 * (a standby that was behind took over, a backup was restored): what it lost was
 * given back as stored long ago, so the writer fails with EX_TEMPFAIL, and a replay
 * behind that watermark sends it again.
 */
#ifndef TSDB_COPY_WRITER_H
#define TSDB_COPY_WRITER_H

#include "batch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct writer_options {
	const char *conninfo, *source;
	size_t copy_min;
	bool replace;      /* see store.h */
	int64_t retry_for; /* microseconds; INT64_MAX: without end */
};

struct writer;

/* Starts the thread, which is busy until it has connected. The options' strings must outlive it. */
struct writer *writer_start(const struct writer_options *options);

/* Readable when there is something to be taken, or the writer failed. For poll(2) only. */
int writer_fd(const struct writer *w);

/* Hands a batch over; the writer must not be busy. */
void writer_give(struct writer *w, struct batch *b);

/* Has everything written that was put off; the writer must not be busy, and is until that is done
 * or has failed. */
void writer_finish(struct writer *w);

/* The batch that is done, or NULL: none is, or the writer has only just connected. */
struct batch *writer_take(struct writer *w);

/* Whether it has something to do or is not connected yet; changes only in writer_give(),
 * writer_finish() and writer_take(). */
bool writer_busy(const struct writer *w);

/* From now on failing attempts end the writer when this moment (clock_monotonic()) is over. */
void writer_give_up_at(struct writer *w, int64_t deadline);

/* Whether the writer is without a working connection. */
bool writer_is_down(const struct writer *w);

/* Attempts after a failure, so far. */
uint64_t writer_retries(const struct writer *w);

/* Why the writer ended: an exit status, with *why as text; EX_OK while it has not. */
int writer_failure(struct writer *w, const char **why);

/* Ends the thread, which must not be busy, and frees the writer. */
void writer_stop(struct writer *w);

#endif
