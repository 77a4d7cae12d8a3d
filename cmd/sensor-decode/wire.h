/*
 * wire: reads the fields of a Protobuf message one after the other, whatever its type.
 *
 * The encoding is that of https://protobuf.dev/programming-guides/encoding/.
 * Groups are not taken. Bytes are slices of the message. Nothing is allocated.
 */
#ifndef SENSOR_DECODE_WIRE_H
#define SENSOR_DECODE_WIRE_H

#include "base/slice.h"

#include <stddef.h>
#include <stdint.h>

enum wire_type { WIRE_VARINT = 0, WIRE_64BIT = 1, WIRE_BYTES = 2, WIRE_32BIT = 5 };

struct wire {
	const char *start;     /* of the whole payload, from which offsets are counted */
	const char *pos, *end; /* of the message that is read, in it */
	const char *error;     /* after -1: what is wrong at pos, a static text */
};

struct wire_field {
	uint64_t number; /* 1 to 2^29 - 1 */
	enum wire_type type;
	uint64_t value;     /* of WIRE_VARINT, WIRE_64BIT, WIRE_32BIT: the bits */
	struct slice bytes; /* of WIRE_BYTES */
};

static inline struct wire wire_of(struct slice payload)
{
	return (struct wire){payload.ptr, payload.ptr, payload.ptr + payload.len, NULL};
}

/* The message in a field of the one that `w` reads. */
static inline struct wire wire_inner(const struct wire *w, struct slice bytes)
{
	return (struct wire){w->start, bytes.ptr, bytes.ptr + bytes.len, NULL};
}

static inline size_t wire_offset(const struct wire *w)
{
	return (size_t)(w->pos - w->start);
}

/* 1 with a field, 0 at the end, -1 with an error. */
int wire_next(struct wire *w, struct wire_field *f);

/* Each returns 0, or -1 with an error. */
int wire_varint(struct wire *w, uint64_t *value);
int wire_key(struct wire *w, uint64_t *key); /* number and wire type of a field */
int wire_skip(struct wire *w, uint64_t count);
/* A value without its key, as in a packed field; `type` is not WIRE_BYTES. */
int wire_value(struct wire *w, enum wire_type type, uint64_t *value);

#endif
