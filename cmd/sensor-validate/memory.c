#include "memory.h"

#include "base/msg.h"

#include <stdlib.h>

void *memory_zeroed(size_t count, size_t size)
{
	void *ptr = calloc(count ? count : 1, size);

	if (!ptr)
		msg_die(EX_OSERR, "out of memory");
	return ptr;
}

char *memory_copy(struct slice bytes)
{
	char *copy = memory_zeroed(bytes.len + 1, 1);

	if (bytes.len)
		memcpy(copy, bytes.ptr, bytes.len);
	return copy;
}
