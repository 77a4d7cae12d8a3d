#include "record/record.h"

#include "record/escape.h"
#include "record/fields.h"
#include "text/plain.h"
#include "text/utf8.h"

#include "base/clock.h"

enum { VERSION_DIGITS = 4 }; /* of a version, at most */

/* Whether behind the letter of its kind the line has a version above 1. */
static bool is_later(struct slice line)
{
	size_t n = 1;

	while (n < line.len && n <= VERSION_DIGITS && line.ptr[n] >= '0' && line.ptr[n] <= '9')
		n++;
	if (n < 2 || n == line.len || line.ptr[n] != '\t' || line.ptr[1] == '0')
		return false;
	return n > 2 || line.ptr[1] != '1';
}

enum record_kind record_kind(struct slice line)
{
	static const char kinds[] = "mrsx";
	const char *kind;

	if (line.len && line.ptr[0] == '{')
		return RECORD_JSON;
	kind = line.len >= 3 ? memchr(kinds, line.ptr[0], sizeof(kinds) - 1) : NULL;
	if (!kind)
		return RECORD_UNKNOWN;
	if (line.ptr[1] == '1' && line.ptr[2] == '\t')
		return (enum record_kind)(RECORD_MESSAGE + (kind - kinds));
	return is_later(line) ? RECORD_LATER : RECORD_UNKNOWN;
}

const char *record_kind_name(enum record_kind kind)
{
	static const char *const names[] = {
	    [RECORD_MESSAGE] = "a message record (m1)",
	    [RECORD_READING] = "a reading record (r1)",
	    [RECORD_SKIP] = "a skip record (s1)",
	    [RECORD_REJECT] = "a dead letter (x1)",
	    [RECORD_JSON] = "a JSON message line",
	    [RECORD_UNKNOWN] = "not a record",
	    [RECORD_LATER] = "a record of a later version",
	};

	return names[kind];
}

const char *record_name_fault(struct slice name, bool metric)
{
	struct escape_scan scan;

	if (name.len == 0)
		return "is empty";
	if (name.len > RECORD_NAME_MAX)
		return "is longer than 255 bytes";
	if (!plain_all(name.ptr, name.len)) {
		escape_scan(name, &scan);
		if (!scan.sound)
			return "has a control character or invalid UTF-8";
		if (memchr(name.ptr, '\t', name.len))
			return "has a control character";
	}
	if (metric && memchr(name.ptr, '=', name.len))
		return "has a '=' in it";
	return NULL;
}

int skip_parse(struct slice line, struct buf *scratch, struct skip *s, struct record_error *error)
{
	struct fields f;

	if (fields_begin(&f, line, scratch, error) < 0 || fields_seq(&f, &s->seq, NULL) < 0 ||
	    fields_time(&f, "the time of arrival is missing", "not a time of arrival (RFC 3339)",
	                &s->received) < 0 ||
	    fields_text(&f, "the reason is missing", &s->reason) < 0)
		return -1;
	if (fields_left(&f))
		return fields_fail(&f, f.pos, "a field too many");
	return 0;
}

void skip_append(struct buf *b, const struct skip *s)
{
	buf_append_string(b, "s1\t");
	buf_append_u64(b, s->seq);
	buf_putc(b, '\t');
	clock_append(b, s->received);
	buf_putc(b, '\t');
	escape_append(b, s->reason);
	buf_putc(b, '\n');
}
