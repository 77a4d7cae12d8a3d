#include "tally.h"

#include "base/clock.h"
#include "record/escape.h"

#include <inttypes.h>

void tally_add(struct tally *t, const struct message *m, uint64_t *before)
{
	if (t->records++ == 0) {
		t->first = m->seq;
		t->from = m->received;
	}
	t->last = m->seq;
	t->to = m->received;
	if (*before && m->seq > *before)
		t->gap += m->seq - *before - 1;
	*before = m->seq;
}

void tally_append_head(struct buf *b)
{
	buf_append_string(b, "name\trecords\tfirst\tlast\tfrom\tto\tbytes\tgap\tdamaged\n");
}

void tally_append(struct buf *b, const struct tally *t, const char *name, uint64_t bytes)
{
	escape_append(b, slice_of(name));
	buf_printf(b, "\t%" PRIu64 "\t", t->records);
	if (t->records) {
		buf_printf(b, "%" PRIu64 "\t%" PRIu64 "\t", t->first, t->last);
		clock_append(b, t->from);
		buf_putc(b, '\t');
		clock_append(b, t->to);
	} else {
		buf_append_string(b, "-\t-\t-\t-");
	}
	buf_printf(b, "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\n", bytes, t->gap, t->damaged);
}
