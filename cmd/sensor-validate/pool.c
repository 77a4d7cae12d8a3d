#include "pool.h"

#include "base/msg.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct pool_chunk {
	struct pool_chunk *next;
	size_t size, used;
	alignas(max_align_t) char bytes[];
};

static struct pool_chunk *chunk_new(size_t least)
{
	size_t size = least > POOL_CHUNK ? least : POOL_CHUNK;
	struct pool_chunk *c = malloc(sizeof(*c) + size);

	if (!c)
		msg_die(EX_OSERR, "out of memory");
	*c = (struct pool_chunk){.size = size};
	return c;
}

/* The current chunk after making it one with room; chunks after it are empty. */
static struct pool_chunk *chunk_with(struct pool *p, size_t size)
{
	struct pool_chunk *c = p->current, *next = c ? c->next : p->first;

	if (c && c->size - c->used >= size)
		return c;
	if (!next || next->size < size) {
		struct pool_chunk *fresh = chunk_new(size);

		fresh->next = next;
		*(c ? &c->next : &p->first) = fresh;
		next = fresh;
	}
	return p->current = next;
}

void *pool_zeroed(struct pool *p, size_t count, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct pool_chunk *c;
	void *piece;

	if (count > (SIZE_MAX / 2) / (size ? size : 1))
		msg_die(EX_OSERR, "out of memory");
	size = (count * size + align - 1) / align * align;
	c = chunk_with(p, size);
	piece = c->bytes + c->used;
	c->used += size;
	return memset(piece, 0, size);
}

struct slice pool_copy(struct pool *p, struct slice bytes)
{
	char *copy = pool_zeroed(p, bytes.len + 1, 1);

	if (bytes.len)
		memcpy(copy, bytes.ptr, bytes.len);
	return (struct slice){copy, bytes.len};
}

void pool_reset(struct pool *p)
{
	for (struct pool_chunk *c = p->first; c; c = c->next)
		c->used = 0;
	p->current = p->first;
}

void pool_free(struct pool *p)
{
	for (struct pool_chunk *c = p->first, *next; c; c = next) {
		next = c->next;
		free(c);
	}
	*p = (struct pool){0};
}
