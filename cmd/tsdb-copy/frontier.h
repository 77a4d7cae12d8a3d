/*
 * frontier: up to which message everything is stored, when several writers store parts of the
 * stream side by side.
 *
 * The messages before a cut through the stream are all stored once every writer
 * is done with the batches it was given, or that were being filled for it, at the
 * moment of the cut. One cut is looked after at a time: it is made when the one
 * before is passed, so the frontier is behind by the batches of one or two rounds.
 */
#ifndef TSDB_COPY_FRONTIER_H
#define TSDB_COPY_FRONTIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FRONTIER_WRITERS_MAX = 64 };

struct frontier {
	/* Private. */
	size_t count;
	struct {
		uint64_t begun;    /* batches */
		uint64_t done;     /* the same; in the order in which they were begun */
		uint64_t awaiting; /* how many must be done for the cut to be passed */
	} writers[FRONTIER_WRITERS_MAX];
	uint64_t complete; /* last complete message */
	uint64_t cut;      /* last message before the cut; 0: there is none */
	uint64_t passed;   /* the highest cut that was passed */
};

/* For `writers` of them, at least 1. */
void frontier_init(struct frontier *f, size_t writers);

/* A batch for this writer got its first reading. */
void frontier_begin(struct frontier *f, size_t writer);

/* Every reading of the oldest batch of this writer that was begun is settled. */
void frontier_end(struct frontier *f, size_t writer);

/* The message `seq` is complete: its readings are in batches that were begun. 0 says nothing. */
void frontier_complete(struct frontier *f, uint64_t seq);

/* The last message up to which everything is settled, or 0 while that is not known of any. */
uint64_t frontier_seq(struct frontier *f);

#endif
