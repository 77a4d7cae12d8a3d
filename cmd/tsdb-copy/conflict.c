#include "conflict.h"

#include "base/msg.h"
#include "text/json.h"
#include "text/number.h"
#include "text/utf8.h"

#include <math.h>
#include <stdlib.h>

void conflicts_clear(struct conflicts *c)
{
	c->count = 0;
	buf_clear(&c->stored);
}

void conflicts_free(struct conflicts *c)
{
	free(c->list);
	buf_free(&c->stored);
}

/* ---- how values are shown ---- */

static void show_number(struct buf *out, double number)
{
	if (isfinite(number)) /* as all that this tool stores */
		number_append(out, number);
	else
		buf_printf(out, "%g", number);
}

/* The first CONFLICT_TEXT_MAX characters. */
static struct slice head_of(struct slice text)
{
	const char *p = text.ptr, *end = text.ptr + text.len;

	for (int i = 0; i < CONFLICT_TEXT_MAX && p < end; i++)
		p += utf8_sequence(p, end);
	return (struct slice){text.ptr, (size_t)(p - text.ptr)};
}

static void show_text(struct buf *out, struct slice head, size_t len)
{
	json_append_string(out, head);
	if (head.len < len)
		buf_printf(out, "... (%zu bytes)", len);
}

static void show_value(struct buf *out, const struct batch *b, uint32_t value)
{
	const struct batch_value *v = &b->values[value];

	if (v->is_text) {
		struct slice text = batch_text(b, v);

		show_text(out, head_of(text), text.len);
	} else {
		show_number(out, v->number);
	}
}

/* ---- gathering ---- */

/* A conflict, to be followed by how the stored value is shown and a NUL. */
static struct buf *add(struct conflicts *c, uint32_t value)
{
	if (c->count == c->cap) {
		c->cap = c->cap ? c->cap * 2 : 64;
		c->list = realloc(c->list, c->cap * sizeof(*c->list));
		if (!c->list)
			msg_die(EX_OSERR, "out of memory (%zu conflicts)", c->cap);
	}
	c->list[c->count++] = (struct conflict){value, c->stored.len};
	return &c->stored;
}

void conflict_with_value(struct conflicts *c, const struct batch *b, uint32_t value,
                         uint32_t stored)
{
	struct buf *out = add(c, value);

	show_value(out, b, stored);
	buf_putc(out, '\0');
}

void conflict_with_number(struct conflicts *c, uint32_t value, double stored)
{
	struct buf *out = add(c, value);

	show_number(out, stored);
	buf_putc(out, '\0');
}

void conflict_with_text(struct conflicts *c, uint32_t value, struct slice head, size_t len)
{
	struct buf *out = add(c, value);

	show_text(out, head, len);
	buf_putc(out, '\0');
}

/* ---- rejecting ---- */

static int by_value(const void *a, const void *b)
{
	uint32_t x = ((const struct conflict *)a)->value, y = ((const struct conflict *)b)->value;

	return (x > y) - (x < y);
}

/* In the order of the values, each once: a row may have been compared twice. */
static void sort_unique(struct conflicts *c)
{
	size_t kept = 0;

	qsort(c->list, c->count, sizeof(*c->list), by_value);
	for (size_t i = 0; i < c->count; i++)
		if (kept == 0 || c->list[kept - 1].value != c->list[i].value)
			c->list[kept++] = c->list[i];
	c->count = kept;
}

/* Conflicts [from, to) are those of one reading, in the order of its values. */
static void reject_reading(const struct conflicts *c, struct batch *b, size_t from, size_t to,
                           struct buf *detail)
{
	const struct conflict *first = &c->list[from];
	const struct batch_value *v = &b->values[first->value];

	buf_clear(detail);
	buf_append_slice(detail, v->metric->name);
	buf_printf(detail, ": %s is stored, not ", c->stored.ptr + first->stored_at);
	show_value(detail, b, first->value);
	if (to - from > 1)
		buf_printf(detail, "; %zu more of its metrics differ", to - from - 1);
	b->readings[v->reading].conflict = true;
	batch_reject(b, v->reading, "conflict", buf_string(detail));
}

void conflicts_reject(struct conflicts *c, struct batch *b)
{
	struct buf detail = {0};
	size_t from = 0, to;

	if (c->count == 0)
		return;
	sort_unique(c);
	for (; from < c->count; from = to) {
		uint32_t reading = b->values[c->list[from].value].reading;

		for (to = from + 1; to < c->count; to++)
			if (b->values[c->list[to].value].reading != reading)
				break;
		reject_reading(c, b, from, to, &detail);
	}
	buf_free(&detail);
	conflicts_clear(c);
}
