#include "exposition.h"

#include "base/msg.h"
#include "sample_line.h"
#include "text/utf8.h"

#include <stdlib.h>

/* The next line of the text; 0 at its end, -1 where it is wrong. */
static int next_line(struct slice *text, struct sample_line *line)
{
	const char *end;
	size_t len;

	if (text->len == 0)
		return 0;
	end = memchr(text->ptr, '\n', text->len);
	if (!end)
		return -1;
	len = (size_t)(end - text->ptr) + 1;
	if (!sample_line_parse((struct slice){text->ptr, len}, line))
		return -1;
	text->ptr += len;
	text->len -= len;
	return 1;
}

/* A histogram's samples have names that are longer than the metric's. */
static bool belongs(struct slice name, struct slice metric)
{
	struct slice suffix;

	if (!slice_starts_with(name, metric))
		return false;
	suffix = (struct slice){name.ptr + metric.len, name.len - metric.len};
	return suffix.len == 0 || slice_is(suffix, "_bucket") || slice_is(suffix, "_sum") ||
	       slice_is(suffix, "_count");
}

/* How many metrics a text can bring at most; -1 where it is not of the format. */
static int count_metrics(struct slice text)
{
	struct slice last = {NULL, 0};
	struct sample_line line;
	int more, count = 0;

	if (!utf8_valid(text))
		return -1;
	while ((more = next_line(&text, &line)) > 0) {
		if (line.kind == LINE_NOTHING || (last.len > 0 && belongs(line.name, last)))
			continue;
		last = line.name;
		if (++count > EXPOSITION_METRICS_MAX)
			return -1;
	}
	return more < 0 ? -1 : count;
}

static struct family *family(struct exposition *e, struct slice name)
{
	struct family *found;

	for (size_t i = 0; i < e->count; i++) {
		if (slice_equal(buf_slice(&e->families[i].name), name))
			return &e->families[i];
	}
	if (e->count == e->cap) {
		e->cap = e->cap ? 2 * e->cap : 64;
		e->families = reallocarray(e->families, e->cap, sizeof(*e->families));
		if (!e->families)
			msg_die(EX_OSERR, "out of memory");
	}
	found = &e->families[e->count++];
	*found = (struct family){0};
	buf_append_slice(&found->name, name);
	return found;
}

static void append_sample(struct buf *b, struct slice worker, const struct sample_line *sample)
{
	buf_append_slice(b, sample->name);
	buf_putc(b, '{');
	if (!sample->names_worker) {
		buf_append_string(b, "worker=\"");
		buf_append_slice(b, worker);
		buf_append_string(b, sample->labels.len ? "\"," : "\"");
	}
	buf_append_slice(b, sample->labels);
	buf_append_string(b, "} ");
	buf_append_slice(b, sample->value);
}

/* To the metric before, or to its own. */
static struct family *add_line(struct exposition *e, struct family *last, struct slice worker,
                               const struct sample_line *line)
{
	struct buf *head;

	if (line->kind == LINE_NOTHING)
		return last;
	if (line->kind == LINE_SAMPLE) {
		if (!last || !belongs(line->name, buf_slice(&last->name)))
			last = family(e, line->name);
		append_sample(&last->samples, worker, line);
		return last;
	}
	last = family(e, line->name);
	head = line->kind == LINE_HELP ? &last->help : &last->type;
	if (head->len == 0)
		buf_append_slice(head, line->all);
	return last;
}

int exposition_add(struct exposition *e, struct slice worker, struct slice text)
{
	int metrics = count_metrics(text);
	struct family *last = NULL;
	struct sample_line line;

	if (metrics < 0 || e->count + (size_t)metrics > EXPOSITION_METRICS_MAX)
		return -1;
	while (next_line(&text, &line) > 0)
		last = add_line(e, last, worker, &line);
	return 0;
}

void exposition_write(const struct exposition *e, struct buf *to)
{
	for (size_t i = 0; i < e->count; i++) {
		const struct family *f = &e->families[i];

		buf_append_slice(to, buf_slice(&f->help));
		buf_append_slice(to, buf_slice(&f->type));
		buf_append_slice(to, buf_slice(&f->samples));
	}
}

void exposition_free(struct exposition *e)
{
	for (size_t i = 0; i < e->count; i++) {
		struct family *f = &e->families[i];

		buf_free(&f->name);
		buf_free(&f->help);
		buf_free(&f->type);
		buf_free(&f->samples);
	}
	free(e->families);
	*e = (struct exposition){0};
}
