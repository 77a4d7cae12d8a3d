#include "payload.h"

enum { FIXED_MAX = 24 }; /* bytes of a sign, 19 digits and a point, and some to spare */

/* Appends the decimal `scaled` / 10^decimals with all its decimals. */
static void append_fixed(struct buf *b, int64_t scaled, unsigned decimals)
{
	uint64_t rest = scaled < 0 ? -(uint64_t)scaled : (uint64_t)scaled;
	char text[FIXED_MAX];
	size_t at = sizeof(text);

	for (unsigned digits = 0; rest || digits <= decimals; digits++) {
		if (digits == decimals && decimals)
			text[--at] = '.';
		text[--at] = (char)('0' + rest % 10);
		rest /= 10;
	}
	if (scaled < 0)
		text[--at] = '-';
	buf_append(b, text + at, sizeof(text) - at);
}

static void append_value(struct buf *b, const struct sample_metric *m)
{
	switch (m->kind) {
	case SAMPLE_NUMBER:
		append_fixed(b, m->scaled, m->decimals);
		break;
	case SAMPLE_FLAG:
		buf_append_slice(b, m->flag ? SLICE("true") : SLICE("false"));
		break;
	case SAMPLE_TEXT:
		buf_putc(b, '"');
		buf_append_slice(b, m->text);
		buf_putc(b, '"');
		break;
	case SAMPLE_INFINITE:
		buf_append_slice(b, SLICE("1e999"));
		break;
	}
}

static void append_name(struct buf *b, struct slice name)
{
	buf_append_slice(b, SLICE(",\""));
	buf_append_slice(b, name);
	buf_append_slice(b, SLICE("\":"));
}

/* Appends as many letters as make the payload that began at `start` `want` bytes. */
static void append_pad(struct buf *b, size_t start, size_t want)
{
	const size_t around = sizeof(",\"pad\":\"\"}") - 1;
	size_t used = b->len - start + around;

	if (used > want)
		return;
	append_name(b, SLICE("pad"));
	buf_putc(b, '"');
	buf_reserve(b, want - used);
	memset(b->ptr + b->len, 'x', want - used);
	b->len += want - used;
	buf_putc(b, '"');
}

void payload_append_json(struct buf *b, const struct sample *s, size_t want)
{
	size_t start = b->len;

	buf_append_slice(b, SLICE("{\"ts\":"));
	if (s->time % 1000)
		append_fixed(b, s->time, 3);
	else
		append_fixed(b, s->time / 1000, 0);
	for (size_t i = 0; i < s->count; i++) {
		append_name(b, s->metrics[i].name);
		append_value(b, &s->metrics[i]);
	}
	append_pad(b, start, want);
	buf_putc(b, '}');
}
