#include "record/properties.h"

/* The reserved prefix, and the mark that tells a user's name from it. */
static const struct slice own = {"mqtt.", 5};

static bool is_plain(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '*' || c == '-' || c == '.' || c == '_';
}

static void encode(struct buf *b, struct slice text)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (is_plain(c)) {
			buf_putc(b, (char)c);
		} else if (c == ' ') {
			buf_putc(b, '+');
		} else {
			const char hex[] = {'%', digits[c >> 4], digits[c & 15]};

			buf_append(b, hex, sizeof(hex));
		}
	}
}

/* The name after any dots starts with "mqtt.". */
static bool looks_own(struct slice name)
{
	while (name.len && *name.ptr == '.') {
		name.ptr++;
		name.len--;
	}
	return slice_starts_with(name, own);
}

/* A field never ends inside a pair, so what is there already is a pair before. Records begin a
 * field after a TAB, a fresh buffer is empty. */
static void separate(struct buf *b)
{
	if (b->len && b->ptr[b->len - 1] != '\t')
		buf_putc(b, '&');
}

void properties_append_user(struct buf *b, struct slice name, struct slice value)
{
	separate(b);
	if (looks_own(name))
		buf_putc(b, '.');
	encode(b, name);
	buf_putc(b, '=');
	encode(b, value);
}

void properties_append_mqtt(struct buf *b, const char *name, struct slice value)
{
	separate(b);
	buf_append_slice(b, own);
	encode(b, slice_of(name));
	buf_putc(b, '=');
	encode(b, value);
}

void properties_walk(struct properties_walk *w, struct slice field, struct buf *scratch)
{
	buf_clear(scratch);
	buf_reserve(scratch, field.len);
	*w = (struct properties_walk){field, scratch};
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Appends the decoded text to b, which has room for it. */
static int decode(struct buf *b, struct slice text, struct slice *decoded)
{
	size_t from = b->len;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == '+') {
			c = ' ';
		} else if (c == '%') {
			if (text.len - i < 3 || hex_digit(text.ptr[i + 1]) < 0 ||
			    hex_digit(text.ptr[i + 2]) < 0)
				return -1;
			c = (char)(hex_digit(text.ptr[i + 1]) << 4 | hex_digit(text.ptr[i + 2]));
			i += 2;
		}
		b->ptr[b->len++] = c;
	}
	*decoded = (struct slice){b->ptr + from, b->len - from};
	return 0;
}

int properties_next(struct properties_walk *w, struct property *p)
{
	struct slice pair = w->rest, name;
	const char *end, *equals;

	if (pair.len == 0)
		return 0;
	end = memchr(pair.ptr, '&', pair.len);
	if (end) {
		pair.len = (size_t)(end - pair.ptr);
		w->rest.ptr += pair.len + 1;
		w->rest.len -= pair.len + 1;
	} else {
		w->rest.len = 0;
	}
	equals = pair.len ? memchr(pair.ptr, '=', pair.len) : NULL;
	if (!equals)
		return -1;
	name = (struct slice){pair.ptr, (size_t)(equals - pair.ptr)};
	if (decode(w->scratch, name, &p->name) < 0 ||
	    decode(w->scratch,
	           (struct slice){equals + 1, (size_t)(pair.ptr + pair.len - equals - 1)},
	           &p->value) < 0)
		return -1;
	p->mqtt = slice_starts_with(p->name, own);
	if (p->mqtt) {
		p->name.ptr += own.len;
		p->name.len -= own.len;
	} else if (looks_own(p->name)) {
		p->name.ptr++;
		p->name.len--;
	}
	return 1;
}
