/*
 * unit: what every unit test includes: cmocka and its prerequisites, and a few helpers.
 */
#ifndef SENSORPIPE_UNIT_H
#define SENSORPIPE_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/slice.h"

/* The slice holds exactly this text. */
#define assert_slice(s, text)                                            \
	do {                                                             \
		struct slice slice_ = (s);                               \
		assert_int_equal(slice_.len, sizeof(text) - 1);          \
		assert_memory_equal(slice_.ptr, text, sizeof(text) - 1); \
	} while (0)

/* A copy of the text in memory of exactly its size, so that a sanitizer sees reads beyond it. */
static inline struct slice exact_copy(struct slice text)
{
	char *copy = test_malloc(text.len ? text.len : 1);

	memcpy(copy, text.ptr, text.len);
	return (struct slice){copy, text.len};
}

static inline void exact_free(struct slice copy)
{
	test_free((void *)copy.ptr);
}

#endif
