/*
 * window: the chunks of an image that are there, and the requests for those that are not.
 *
 * An image is a row of chunks of one size, the last one perhaps shorter. All
 * chunks before `base` are there, and of the WINDOW_AHEAD from it on those whose
 * bit is set: as in selective repeat (RFC 3366), a lost chunk does
 * not hold up its successors, and one number, the base, says what is kept.
 *
 * Each request under way has a slot: the chunk, correlation data, and the time
 * at which it is to be sent, or sent again. A request keeps its correlation
 * data until it is answered, so that an answer that comes late is taken, too,
 * and an answer that comes twice is known to nobody.
 *
 * The waits before requests are sent again grow exponentially with full jitter,
 * as those of link/backoff.h, from a generator that can be seeded (SplitMix64,
 * Steele, Lea and Flood, OOPSLA 2014). No clock is read and nothing allocated:
 * times are microseconds of the caller's clock.
 */
#ifndef FW_FETCH_WINDOW_H
#define FW_FETCH_WINDOW_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	WINDOW_SLOTS = 4,            /* most requests in flight */
	WINDOW_AHEAD = 64,           /* chunks kept before those that precede them are there */
	WINDOW_CORRELATION_MAX = 34, /* bytes of correlation data, with a NUL */
};
#define WINDOW_WAIT_MIN  INT64_C(100000)   /* microseconds */
#define WINDOW_WAIT_BASE INT64_C(1000000)  /* microseconds */
#define WINDOW_WAIT_MAX  INT64_C(60000000) /* microseconds */

enum window_slot_state {
	WINDOW_FREE,
	WINDOW_DUE,   /* to be sent at `due` */
	WINDOW_ASKED, /* sent; no answer by `due` is a timeout */
};

struct window_slot {
	enum window_slot_state state;
	uint64_t chunk;
	int64_t due;
	unsigned attempts; /* that failed */
	bool refused;      /* the last one by the server, so it waits its time */
	char correlation[WINDOW_CORRELATION_MAX];
};

struct window {
	uint64_t size;  /* of the image, in bytes */
	uint32_t chunk; /* bytes */
	uint64_t count; /* chunks */
	uint64_t base, ahead;

	/* Private. */
	unsigned slots; /* in use, 1 to WINDOW_SLOTS */
	struct window_slot slot[WINDOW_SLOTS];
	uint64_t nonce, serial, random;
};

/* Begins an image of which the first `base` chunks are there; requests under way are forgotten.
 * `random` is the state of the generator; it goes on from one image to the next. */
void window_begin(struct window *w, uint64_t size, uint32_t chunk, uint64_t base, unsigned slots,
                  uint64_t random);

static inline bool window_complete(const struct window *w)
{
	return w->base == w->count;
}

/* Bytes of the image before the base. */
uint64_t window_offset(const struct window *w);

/* Bytes of a chunk. */
uint32_t window_length(const struct window *w, uint64_t chunk);

/* The next request that is to be sent now, or NULL; it counts as sent, and times out at `now +
 * timeout`. */
struct window_slot *window_send(struct window *w, int64_t now, int64_t timeout);

/* The request that the correlation data belong to; NULL: none. */
struct window_slot *window_find(struct window *w, struct slice correlation);

/* The chunk of the request is there; its slot is free. It proves that requests get through, so
 * those that timed out are sent again at once. */
void window_take(struct window *w, struct window_slot *slot, int64_t now);

/* The request got no answer, or none that is of use: it is sent again after a wait. */
void window_retry(struct window *w, struct window_slot *slot, int64_t now);

/* Requests that were not answered in time are to be sent again; returns how many. */
unsigned window_time_out(struct window *w, int64_t now);

/* When window_send() or window_time_out() has something to do; INT64_MAX: never. */
int64_t window_due(const struct window *w);

#endif
