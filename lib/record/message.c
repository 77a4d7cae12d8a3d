/* m1: a message as it arrived; see record/record.h. */
#include "base/clock.h"
#include "record/crc32c.h"
#include "record/escape.h"
#include "record/fields.h"
#include "record/record.h"

static int parse_flags(struct fields *f, struct message *m)
{
	struct slice flags;

	if (fields_raw(f, "the flags are missing", &flags) < 0)
		return -1;
	if (flags.len < 2 || flags.ptr[0] != 'q' || flags.ptr[1] < '0' || flags.ptr[1] > '2')
		return fields_fail(f, flags.ptr, "flags that do not start with q0, q1 or q2");
	m->qos = (unsigned)(flags.ptr[1] - '0');
	flags.ptr += 2;
	flags.len -= 2;
	m->retained = flags.len && *flags.ptr == 'r';
	flags.ptr += m->retained;
	flags.len -= m->retained;
	m->duplicate = flags.len && *flags.ptr == 'd';
	if (flags.len > (size_t)m->duplicate)
		return fields_fail(f, flags.ptr + m->duplicate,
		                   "unknown flags (r retained, then d duplicate)");
	return 0;
}

/* The crc covers the line up to the TAB before it. */
static int check_crc(struct fields *f)
{
	struct slice covered = {f->start, (size_t)(f->pos - 1 - f->start)}, field;
	uint32_t crc = 0;

	if (fields_raw(f, "the crc is missing", &field) < 0)
		return -1;
	if (fields_left(f))
		return fields_fail(f, f->pos, "a field too many");
	if (field.len != 8)
		return fields_fail(f, field.ptr, "a crc that is not 8 hex digits");
	for (size_t i = 0; i < field.len; i++) {
		char c = field.ptr[i];

		if (c >= '0' && c <= '9')
			crc = crc << 4 | (unsigned)(c - '0');
		else if (c >= 'a' && c <= 'f')
			crc = crc << 4 | (unsigned)(c - 'a' + 10);
		else
			return fields_fail(f, field.ptr + i, "a crc that is not 8 hex digits");
	}
	if (crc == crc32c(covered))
		return 0;
	fields_fail(f, field.ptr, "a crc that does not match: the line is damaged");
	f->error->damaged = true;
	return -1;
}

int message_parse(struct slice line, struct buf *scratch, struct message *m,
                  struct record_error *error)
{
	struct fields f;
	const char *topic_at;

	if (fields_begin(&f, line, scratch, error) < 0 || fields_seq(&f, &m->seq, NULL) < 0 ||
	    fields_time(&f, "the time of arrival is missing", "not a time of arrival (RFC 3339)",
	                &m->received) < 0)
		return -1;
	topic_at = f.pos;
	if (fields_text(&f, "the topic is missing", &m->topic) < 0)
		return -1;
	if (m->topic.len == 0 || m->topic.len > RECORD_TOPIC_MAX)
		return fields_fail(&f, topic_at, "a topic that is empty or over 65535 bytes");
	if (parse_flags(&f, m) < 0 ||
	    fields_text(&f, "the content type is missing", &m->content_type) < 0 ||
	    fields_text(&f, "the properties are missing", &m->properties) < 0 ||
	    fields_text(&f, "the payload is missing", &m->payload) < 0)
		return -1;
	m->checked = fields_left(&f);
	return m->checked ? check_crc(&f) : 0;
}

static void append_fields(struct buf *b, const struct message *m)
{
	buf_append_string(b, "m1\t");
	buf_append_u64(b, m->seq);
	buf_putc(b, '\t');
	clock_append(b, m->received);
	buf_putc(b, '\t');
	escape_append(b, m->topic);
	buf_append_string(b, "\tq");
	buf_putc(b, (char)('0' + m->qos));
	if (m->retained)
		buf_putc(b, 'r');
	if (m->duplicate)
		buf_putc(b, 'd');
	buf_putc(b, '\t');
	escape_append(b, m->content_type);
	buf_putc(b, '\t');
	escape_append(b, m->properties);
	buf_putc(b, '\t');
	escape_append(b, m->payload);
}

void message_append(struct buf *b, const struct message *m)
{
	append_fields(b, m);
	buf_putc(b, '\n');
}

void message_append_crc(struct buf *b, const struct message *m)
{
	size_t from = b->len;

	append_fields(b, m);
	buf_printf(b, "\t%08x\n", crc32c((struct slice){b->ptr + from, b->len - from}));
}
