/*
 * pool: memory given out piece by piece and taken back all at once.
 *
 * A zeroed pool is empty. Pieces are zeroed, aligned for anything, and stay
 * where they are. Memory that cannot be had ends the process with EX_OSERR:
 * callers bound what they ask for.
 */
#ifndef SENSOR_VALIDATE_POOL_H
#define SENSOR_VALIDATE_POOL_H

#include "base/slice.h"

#include <stddef.h>

struct pool {
	struct pool_chunk *first, *current;
};

enum { POOL_CHUNK = 4 * 1024 }; /* bytes; a larger piece has a chunk of its own */

/* `count` elements. Never NULL, even of none. */
void *pool_zeroed(struct pool *p, size_t count, size_t size);

/* A copy with a NUL after it. */
struct slice pool_copy(struct pool *p, struct slice bytes);

/* Takes all pieces back; the memory stays for what is asked for next. */
void pool_reset(struct pool *p);

void pool_free(struct pool *p);

#endif
