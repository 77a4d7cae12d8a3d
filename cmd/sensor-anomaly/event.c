#include "event.h"

#include "tally.h"

#include "base/clock.h"
#include "text/number.h"

#define SCHEMA SLICE("1")

/* What the scratch buffer has is the value; it is empty then. */
static void append(struct buf *b, const struct metric *m, const char *suffix, struct buf *scratch,
                   struct slice unit)
{
	struct buf *s = scratch;
	size_t at = s->len;

	buf_append_slice(s, m->name);
	buf_append_string(s, suffix);
	reading_append_metric(b, (struct slice){s->ptr + at, s->len - at},
	                      (struct slice){s->ptr, at}, QUALITY_GOOD, unit);
	buf_clear(s);
}

void event_append(struct buf *b, const struct reading *r, const struct metric *m,
                  const struct verdict *v, bool more, struct buf *scratch)
{
	buf_clear(scratch);
	reading_begin(b, &(struct reading_head){.seq = r->seq,
	                                        .more = more,
	                                        .received = r->received,
	                                        .time = r->time,
	                                        .type = EVENT_TYPE,
	                                        .sensor = r->sensor,
	                                        .schema = SCHEMA});
	score_append(scratch, v->score);
	append(b, m, ".score", scratch, SLICE(""));
	buf_printf(scratch, "\"%s\"", detector_kind_name(v->kind));
	append(b, m, ".kind", scratch, SLICE(""));
	buf_append_slice(scratch, m->text);
	append(b, m, ".value", scratch, m->unit);
	number_append(scratch, v->expected);
	append(b, m, ".expected", scratch, m->unit);
	buf_putc(scratch, '"');
	clock_append(scratch, v->onset);
	buf_putc(scratch, '"');
	append(b, m, ".onset", scratch, SLICE(""));
	buf_putc(b, '\n');
}
