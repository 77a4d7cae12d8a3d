/*
 * arena: memory for one message at a time, given out from front to back and taken back all at once.
 *
 * It is the allocator protobuf-c unpacks with: bounded, and without a malloc(3)
 * a record.
 */
#ifndef SENSOR_DECODE_ARENA_H
#define SENSOR_DECODE_ARENA_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

/* A zeroed arena is empty. */
struct arena {
	ProtobufCAllocator allocator; /* set by arena_reset() */
	char *base;
	size_t size;  /* bytes at base */
	size_t limit; /* bytes that may be used until the next reset */
	size_t used;
};

/* Takes everything back and makes room for `limit` bytes. */
void arena_reset(struct arena *a, size_t limit);

/* Memory for anything; NULL when the limit does not leave so much. */
void *arena_take(struct arena *a, size_t size);

void arena_free(struct arena *a);

#endif
