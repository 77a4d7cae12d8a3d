/*
 * lanes: the writers, side by side, each with the batches on the way to it.
 *
 * A sensor's readings always take the same lane, chosen by its name: so what comes
 * for one key is stored in the order in which it came, and no two lanes write the
 * same rows or wait for each other's.
 *
 * The watermark takes the first lane. Of a single lane it goes with the batch that
 * completes the message, in one transaction. Of several it follows when every
 * lane is done with what came before (frontier.h); a crash in between repeats
 * readings, which then are duplicates.
 *
 * All functions are for one thread.
 */
#ifndef TSDB_COPY_LANES_H
#define TSDB_COPY_LANES_H

#include "batch.h"
#include "frontier.h"
#include "series.h"
#include "writer.h"

#include "record/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LANES_MAX = FRONTIER_WRITERS_MAX };

struct lane {
	size_t index;
	struct writer *writer;
	struct series series;
	struct batch batches[2];
	struct batch *open; /* the one being filled */
};

struct lanes {
	struct lane all[LANES_MAX];
	size_t count;
	int fd; /* readable when a writer has something to be taken; for poll(2) only */

	/* Private. */
	struct frontier frontier;
	uint64_t followed; /* the watermark last put into a batch */
};

/* Starts `count` writers. */
void lanes_open(struct lanes *l, const struct writer_options *options, size_t count);

/* That of a reading's sensor. */
struct lane *lanes_choose(struct lanes *l, const struct reading *r);

/* Adds a reading that fits into the lane's open batch. `line` is its original. */
void lanes_add(struct lanes *l, struct lane *lane, const struct reading *r, int32_t schema,
               struct slice line);

/* Notes that the message `seq` is complete; 0 says nothing. */
void lanes_complete(struct lanes *l, uint64_t seq);

/* Gives the lane's open batch to its writer, which must be free, and opens the other one. */
void lane_give(struct lane *lane);

/* A batch that was given is done, and what is to be taken from it is taken: clears it. */
void lanes_settle(struct lanes *l, struct lane *lane, struct batch *b);

/* When a lane's open batch is to be handed over, even if nothing more comes; INT64_MAX: there is
 * nothing in it, or the writer is busy. `delay` is how long a batch may wait for company. */
int64_t lane_due(const struct lane *lane, int64_t delay);
int64_t lanes_due(const struct lanes *l, int64_t delay);

/* Whether any writer is busy, or any batch has something in it. */
bool lanes_busy(const struct lanes *l);
bool lanes_empty(const struct lanes *l);

/* Whether all writers, or any of them, have a working connection. */
bool lanes_all_up(const struct lanes *l);
bool lanes_any_up(const struct lanes *l);

/* Attempts after a failure, of all writers. */
uint64_t lanes_retries(const struct lanes *l);

/* To be called when no writer is busy. */
void lanes_close(struct lanes *l);

#endif
