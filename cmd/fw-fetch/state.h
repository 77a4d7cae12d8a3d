/*
 * state: the record that tells how the device is doing: fw/state/DEVICE, retained.
 */
#ifndef FW_FETCH_STATE_H
#define FW_FETCH_STATE_H

#include "base/buf.h"
#include "base/slice.h"
#include "fetch.h"

#include <stdint.h>

struct state {
	struct slice device, model;
	enum fetch_state state;
	const struct fetch_image *image;
	uint64_t offset;    /* bytes that are there */
	const char *reason; /* of FETCH_FAILED, ASCII */
};

/* Appends the record, a whole line; `now` in microseconds since the epoch. */
void state_append(struct buf *b, const struct state *s, int64_t now);

#endif
