/*
 * backoff: how long to wait before the next attempt.
 *
 * Exponential with full jitter (M. Brooker, "Exponential Backoff And Jitter",
 * AWS Architecture Blog, 2015): the n-th wait is uniform in [0, min(BACKOFF_MAX,
 * BACKOFF_BASE * 2^n)], but at least BACKOFF_MIN. The jitter keeps a thousand
 * clients whose broker came back from arriving together.
 */
#ifndef SENSORPIPE_BACKOFF_H
#define SENSORPIPE_BACKOFF_H

#include <stdint.h>

#define BACKOFF_MIN  INT64_C(100000)   /* microseconds */
#define BACKOFF_BASE INT64_C(1000000)  /* microseconds */
#define BACKOFF_MAX  INT64_C(60000000) /* microseconds */

struct backoff {
	unsigned attempts; /* since the last success */
};

/* The wait before the next attempt, in microseconds. */
int64_t backoff_next(struct backoff *b);

/* To be called when an attempt has proved itself. */
void backoff_reset(struct backoff *b);

#endif
