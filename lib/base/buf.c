#include "base/buf.h"

#include "base/msg.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { BUF_FIRST = 256 };

void buf_grow(struct buf *b, size_t more)
{
	size_t cap = b->cap ? b->cap : BUF_FIRST;
	char *ptr;

	if (more > SIZE_MAX / 2 - b->len)
		msg_die(EX_OSERR, "out of memory");
	while (cap < b->len + more)
		cap *= 2;
	ptr = realloc(b->ptr, cap);
	if (!ptr)
		msg_die(EX_OSERR, "out of memory (%zu bytes)", cap);
	b->ptr = ptr;
	b->cap = cap;
}

void buf_append_string(struct buf *b, const char *string)
{
	buf_append(b, string, strlen(string));
}

void buf_append_u64(struct buf *b, uint64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	buf_append(b, digits + at, sizeof(digits) - at);
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list args;
	int len;

	buf_reserve(b, 128);
	va_start(args, format);
	len = vsnprintf(b->ptr + b->len, b->cap - b->len, format, args);
	va_end(args);
	if (len < 0)
		msg_die(EX_SOFTWARE, "cannot format '%s'", format);
	if ((size_t)len >= b->cap - b->len) {
		buf_reserve(b, (size_t)len + 1);
		va_start(args, format);
		vsnprintf(b->ptr + b->len, b->cap - b->len, format, args);
		va_end(args);
	}
	b->len += (size_t)len;
}

const char *buf_string(struct buf *b)
{
	buf_reserve(b, 1);
	b->ptr[b->len] = '\0';
	return b->ptr;
}

void buf_free(struct buf *b)
{
	free(b->ptr);
	*b = (struct buf){0};
}
