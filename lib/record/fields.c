#include "record/fields.h"

#include "base/clock.h"
#include "record/escape.h"

int fields_fail(struct fields *f, const char *at, const char *what)
{
	*f->error = (struct record_error){.what = what, .column = (size_t)(at - f->start) + 1};
	f->pos = NULL;
	return -1;
}

int fields_begin(struct fields *f, struct slice line, struct buf *scratch,
                 struct record_error *error)
{
	struct escape_scan scan;
	struct slice kind;

	*f = (struct fields){.start = line.ptr,
	                     .pos = line.ptr,
	                     .end = line.ptr + line.len,
	                     .scratch = scratch,
	                     .error = error};
	escape_scan(line, &scan);
	if (!scan.sound)
		return fields_fail(f, line.ptr + scan.bad_at,
		                   "a control character or invalid UTF-8, which must be escaped");
	f->backslash = scan.backslash;
	buf_clear(scratch);
	if (scan.backslash)
		buf_reserve(scratch, line.len);
	return fields_raw(f, "the kind is missing", &kind);
}

int fields_raw(struct fields *f, const char *missing, struct slice *field)
{
	const char *tab;

	if (!f->pos)
		return fields_fail(f, f->end, missing);
	tab = memchr(f->pos, '\t', (size_t)(f->end - f->pos));
	*field = (struct slice){f->pos, (size_t)((tab ? tab : f->end) - f->pos)};
	f->pos = tab ? tab + 1 : NULL;
	return 0;
}

int fields_unescape_part(struct fields *f, struct slice raw, struct slice *text)
{
	size_t from = f->scratch->len, at;

	if (raw.len == 0 || !memchr(raw.ptr, '\\', raw.len))
		return 0;
	if (unescape_append(f->scratch, raw, &at) < 0)
		return fields_fail(f, raw.ptr + at,
		                   "a backslash that is not \\\\, \\t, \\n, \\r or \\xHH");
	*text = (struct slice){f->scratch->ptr + from, f->scratch->len - from};
	return 0;
}

int fields_text(struct fields *f, const char *missing, struct slice *field)
{
	struct slice raw;

	if (fields_raw(f, missing, &raw) < 0)
		return -1;
	return fields_unescape(f, raw, field);
}

int fields_seq(struct fields *f, uint64_t *value, bool *plus)
{
	struct slice field;
	const char *p, *end;

	if (fields_raw(f, "the sequence number is missing", &field) < 0)
		return -1;
	p = field.ptr;
	end = p + field.len;
	if (plus) {
		*plus = end > p && end[-1] == '+';
		end -= *plus;
	}
	if (p == end)
		return fields_fail(f, p, "not a sequence number");
	*value = 0;
	for (; p < end; p++) {
		unsigned digit = (unsigned)(*p - '0');

		if (digit > 9)
			return fields_fail(f, p, "not a sequence number");
		if (*value > (UINT64_MAX - digit) / 10)
			return fields_fail(f, field.ptr, "a sequence number over 64 bits");
		*value = *value * 10 + digit;
	}
	return 0;
}

int fields_time(struct fields *f, const char *missing, const char *wrong, int64_t *us)
{
	struct slice field;

	if (fields_raw(f, missing, &field) < 0)
		return -1;
	if (clock_parse(field, us) < 0)
		return fields_fail(f, field.ptr, wrong);
	return 0;
}
