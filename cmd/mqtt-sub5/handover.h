/*
 * handover: hands lines from the thread that receives them to the thread that writes them.
 *
 * Two buffers. The receiver appends to one under a mutex; the writer swaps it
 * for the other, empty one and writes it out whole. So there is one write(2) a
 * wake-up: few bytes when little arrives, many under load, and no timer. When
 * HANDOVER_MAX bytes wait, the receiver waits too: nothing is dropped.
 */
#ifndef SENSORPIPE_HANDOVER_H
#define SENSORPIPE_HANDOVER_H

#include "base/buf.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* Bytes that may wait; a line begun below the bound is finished, however long. */
enum { HANDOVER_MAX = 1024 * 1024 };

struct handover_counts {
	uint64_t lines;
	uint64_t payload; /* bytes, as told to handover_end() */
};

struct handover {
	pthread_mutex_t mutex;
	pthread_cond_t room;
	struct buf filling;
	struct handover_counts counts;
	uint64_t most; /* lines; then it closes */
	bool closed;
	bool wakes; /* the line being appended is the first that waits */
	int wake;   /* eventfd: readable when lines wait */
};

/* Takes `most` lines at most; UINT64_MAX: no bound. */
void handover_init(struct handover *h, uint64_t most);

/* For poll(2): readable when lines wait. */
int handover_fd(const struct handover *h);

/*
 * Receiver. Waits for room; gives the buffer to append one line to, and
 * handover_end() must follow soon: the writer is locked out meanwhile. NULL:
 * closed, nothing more is taken.
 */
struct buf *handover_begin(struct handover *h);

/* The line is complete. True when it was the last one that is taken. */
bool handover_end(struct handover *h, size_t payload);

/* Writer. Swaps `empty` for what waits; false when nothing does. */
bool handover_take(struct handover *h, struct buf *empty);

/* Writer: what was taken so far. */
struct handover_counts handover_counts(struct handover *h);

/* Nothing more is taken; a receiver that waits for room waits no longer. */
void handover_close(struct handover *h);

/* Not while the receiver may still come. */
void handover_free(struct handover *h);

#endif
