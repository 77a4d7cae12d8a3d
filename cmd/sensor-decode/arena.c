#include "arena.h"

#include "base/msg.h"

#include <stdlib.h>

static void *allocate(void *data, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	struct arena *a = data;
	void *at = a->base + a->used;

	if (size > a->limit - a->used)
		return NULL;
	size = (size + align - 1) / align * align;
	a->used = size < a->limit - a->used ? a->used + size : a->limit;
	return at;
}

static void give_back(void *data, void *at)
{
	(void)data;
	(void)at;
}

void arena_reset(struct arena *a, size_t limit)
{
	if (!a->base || limit > a->size) {
		free(a->base);
		a->size = limit > 0 ? limit : 1; /* so that base is somewhere */
		a->base = malloc(a->size);
		if (!a->base)
			msg_die(EX_OSERR, "out of memory: %zu bytes", limit);
	}
	a->limit = limit;
	a->used = 0;
	a->allocator = (ProtobufCAllocator){allocate, give_back, a};
}

void *arena_take(struct arena *a, size_t size)
{
	return allocate(a, size);
}

void arena_free(struct arena *a)
{
	free(a->base);
	*a = (struct arena){0};
}
