/*
 * buf: a growable array of bytes.
 *
 * A zeroed struct buf is an empty buffer. The owner of the struct owns the
 * bytes and gives them back with buf_free(). Appending may move the bytes, so
 * slices into a buffer are valid only until the next append. Memory that
 * cannot be had ends the process with EX_OSERR: callers bound what they append.
 */
#ifndef SENSORPIPE_BUF_H
#define SENSORPIPE_BUF_H

#include "base/slice.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buf {
	char *ptr;
	size_t len; /* bytes in use */
	size_t cap; /* bytes allocated */
};

/* Makes room for at least `more` bytes after len; grows by doubling. */
void buf_grow(struct buf *b, size_t more);

static inline void buf_reserve(struct buf *b, size_t more)
{
	if (b->cap - b->len < more)
		buf_grow(b, more);
}

static inline void buf_append(struct buf *b, const void *bytes, size_t len)
{
	if (len == 0)
		return;
	buf_reserve(b, len);
	memcpy(b->ptr + b->len, bytes, len);
	b->len += len;
}

static inline void buf_append_slice(struct buf *b, struct slice s)
{
	buf_append(b, s.ptr, s.len);
}

static inline void buf_putc(struct buf *b, char c)
{
	buf_reserve(b, 1);
	b->ptr[b->len++] = c;
}

void buf_append_string(struct buf *b, const char *string);
void buf_append_u64(struct buf *b, uint64_t value); /* decimal */
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The content as a NUL-terminated string; the NUL is not counted in len. */
const char *buf_string(struct buf *b);

static inline struct slice buf_slice(const struct buf *b)
{
	return (struct slice){b->ptr, b->len};
}

static inline void buf_clear(struct buf *b)
{
	b->len = 0;
}

/* Frees the bytes; the buffer is then empty and may be used again. */
void buf_free(struct buf *b);

#endif
