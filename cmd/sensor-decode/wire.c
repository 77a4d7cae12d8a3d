#include "wire.h"

#include <stdbool.h>

static int fail(struct wire *w, const char *what)
{
	w->error = what;
	return -1;
}

int wire_varint(struct wire *w, uint64_t *value)
{
	enum { BYTES_MAX = 10 };
	unsigned shift = 0;
	bool over = false;

	*value = 0;
	for (int i = 0; i < BYTES_MAX && w->pos < w->end; i++, shift += 7) {
		unsigned char byte = (unsigned char)*w->pos++;

		*value |= (uint64_t)(byte & 0x7f) << shift;
		over = i == BYTES_MAX - 1;
		if (over && byte > 1)
			break;
		if (byte < 0x80)
			return 0;
	}
	return fail(w, over ? "a number over 64 bits" : "the message ends inside a number");
}

int wire_key(struct wire *w, uint64_t *key)
{
	enum { KEY_BYTES_MAX = 5 };
	const char *from = w->pos;

	if (wire_varint(w, key) < 0)
		return -1;
	if (w->pos - from > KEY_BYTES_MAX || *key > UINT32_MAX)
		return fail(w, "a number of a field over 29 bits");
	return 0;
}

int wire_skip(struct wire *w, uint64_t count)
{
	if (count > (uint64_t)(w->end - w->pos))
		return fail(w, "a field that is longer than what is left");
	w->pos += count;
	return 0;
}

/* `size` bytes, the least significant first. */
static int read_fixed(struct wire *w, unsigned size, uint64_t *value)
{
	const char *p = w->pos;

	if (wire_skip(w, size) < 0)
		return -1;
	*value = 0;
	for (unsigned i = 0; i < size; i++)
		*value |= (uint64_t)(unsigned char)p[i] << (8 * i);
	return 0;
}

int wire_value(struct wire *w, enum wire_type type, uint64_t *value)
{
	if (type == WIRE_VARINT)
		return wire_varint(w, value);
	return read_fixed(w, type == WIRE_64BIT ? 8 : 4, value);
}

static int read_bytes(struct wire *w, struct slice *bytes)
{
	uint64_t len;

	if (wire_varint(w, &len) < 0)
		return -1;
	*bytes = (struct slice){w->pos, (size_t)len};
	return wire_skip(w, len);
}

int wire_next(struct wire *w, struct wire_field *f)
{
	uint64_t key;

	if (w->pos == w->end)
		return 0;
	if (wire_key(w, &key) < 0)
		return -1;
	f->number = key >> 3;
	f->type = (enum wire_type)(key & 7);
	f->value = 0;
	f->bytes = (struct slice){w->pos, 0};
	if (f->number == 0)
		return fail(w, "a field of number 0");
	switch (f->type) {
	case WIRE_VARINT:
	case WIRE_64BIT:
	case WIRE_32BIT:
		return wire_value(w, f->type, &f->value) < 0 ? -1 : 1;
	case WIRE_BYTES:
		return read_bytes(w, &f->bytes) < 0 ? -1 : 1;
	default:
		return fail(w, "a group, or no wire type");
	}
}
