/* r1: one reading; see record/record.h. */
#include "base/clock.h"
#include "record/escape.h"
#include "record/fields.h"
#include "record/record.h"
#include "text/json.h"
#include "text/number.h"
#include "text/plain.h"

#include <math.h>

/* A type, sensor, schema or metric name. */
static int check_name(struct fields *f, const char *at, struct slice name, const char *empty)
{
	if (name.len == 0)
		return fields_fail(f, at, empty);
	if (name.len > RECORD_NAME_MAX)
		return fields_fail(f, at, "a name over 255 bytes");
	return 0;
}

static int parse_name(struct fields *f, const char *missing, const char *empty, struct slice *name)
{
	const char *at = f->pos;

	if (fields_text(f, missing, name) < 0)
		return -1;
	return check_name(f, at, *name, empty);
}

/* First byte after the JSON string whose opening quote is at p; NULL without an end. */
static const char *string_end(const char *p, const char *end)
{
	for (p++; p < end; p++) {
		if (*p == '"')
			return p + 1;
		if (*p == '\\' && ++p == end)
			break;
	}
	return NULL;
}

static int parse_string(struct fields *f, const char *at, struct slice rest, struct metric *m)
{
	const char *end = string_end(rest.ptr, rest.ptr + rest.len);
	struct json json;

	if (!end)
		return fields_fail(f, at, "a string value without its closing quote");
	m->text = (struct slice){rest.ptr, (size_t)(end - rest.ptr)};
	json_init(&json, m->text, 1);
	if (json_next(&json) == JSON_ERROR)
		return fields_fail(f, at, json.error);
	m->kind = VALUE_STRING;
	return 0;
}

/* The value at the start of `rest`, of which it takes its part. */
static int parse_value(struct fields *f, const char *at, struct slice *rest, struct metric *m)
{
	if (rest->len == 0)
		return fields_fail(f, at, "a metric without a value");
	if (*rest->ptr == '"') {
		if (parse_string(f, at, *rest, m) < 0)
			return -1;
	} else if (slice_starts_with(*rest, SLICE("true"))) {
		m->text = (struct slice){rest->ptr, 4};
		m->kind = VALUE_TRUE;
		m->number = 1;
	} else if (slice_starts_with(*rest, SLICE("false"))) {
		m->text = (struct slice){rest->ptr, 5};
		m->kind = VALUE_FALSE;
		m->number = 0;
	} else {
		const char *end = number_read(rest->ptr, rest->ptr + rest->len, &m->number);

		if (!end)
			return fields_fail(f, at,
			                   "a value that is no number, true, false or \"string\"");
		m->text = (struct slice){rest->ptr, (size_t)(end - rest->ptr)};
		m->kind = VALUE_NUMBER;
		if (!isfinite(m->number))
			return fields_fail(f, at, "a number beyond the range of a double");
	}
	rest->ptr += m->text.len;
	rest->len -= m->text.len;
	return 0;
}

/* What may follow a value: ;QUALITY and then ;UNIT. */
static int parse_marks(struct fields *f, const char *at, struct slice rest, struct metric *m)
{
	m->quality = QUALITY_GOOD;
	m->unit = (struct slice){0};
	if (rest.len == 0)
		return 0;
	if (rest.len < 2 || rest.ptr[0] != ';' || !memchr("12349", rest.ptr[1], 5) ||
	    (rest.len > 2 && rest.ptr[2] != ';'))
		return fields_fail(f, at,
		                   "a value followed by something else than ;1 ;2 ;3 ;4 or ;9");
	m->quality = (enum quality)(rest.ptr[1] - '0');
	if (rest.len == 2)
		return 0;
	m->unit = (struct slice){rest.ptr + 3, rest.len - 3};
	if (m->unit.len == 0 || m->unit.len > RECORD_UNIT_MAX)
		return fields_fail(f, at, "a unit that is empty or over 63 bytes");
	return 0;
}

/* What most metrics are, in one pass: NAME=NUMBER, in a line without escapes. False: it is
 * something else, or wrong. */
static bool parse_plain_metric(struct fields *f, struct metric *m)
{
	const char *equals, *end;

	if (f->backslash || !f->pos)
		return false;
	equals = plain_find(f->pos, f->end, '=', '\t');
	if (equals == f->end || *equals != '=' || equals == f->pos ||
	    equals - f->pos > RECORD_NAME_MAX)
		return false;
	end = number_read(equals + 1, f->end, &m->number);
	if (!end || (end < f->end && *end != '\t') || !isfinite(m->number))
		return false;
	m->name = (struct slice){f->pos, (size_t)(equals - f->pos)};
	m->text = (struct slice){equals + 1, (size_t)(end - equals - 1)};
	m->kind = VALUE_NUMBER;
	m->quality = QUALITY_GOOD;
	m->unit = (struct slice){0};
	f->pos = end < f->end ? end + 1 : NULL;
	return true;
}

static int parse_metric(struct fields *f, struct metric *m)
{
	const char *at = f->pos;
	struct slice field, raw_name, rest;
	const char *equals;

	if (fields_raw(f, "a metric is missing", &field) < 0)
		return -1;
	equals = memchr(field.ptr, '=', field.len);
	if (!equals)
		return fields_fail(f, at, "a metric without '='");
	raw_name = (struct slice){field.ptr, (size_t)(equals - field.ptr)};
	rest = (struct slice){equals + 1, field.len - raw_name.len - 1};
	if (fields_unescape(f, raw_name, &m->name) < 0 ||
	    check_name(f, at, m->name, "a metric without a name") < 0 ||
	    fields_unescape(f, rest, &rest) < 0 || parse_value(f, equals + 1, &rest, m) < 0)
		return -1;
	return parse_marks(f, equals + 1, rest, m);
}

/* Index of a metric whose name an earlier one has, or 0. */
static size_t find_twice(const struct reading *r)
{
	enum { FEW = 8, SLOTS_MAX = 4096 };
	uint16_t slots[SLOTS_MAX];
	size_t size = 32;

	if (r->count <= FEW) {
		for (size_t i = 1; i < r->count; i++)
			for (size_t k = 0; k < i; k++)
				if (slice_equal(r->metrics[i].name, r->metrics[k].name))
					return i;
		return 0;
	}
	while (size < 4 * r->count)
		size *= 2;
	memset(slots, 0, size * sizeof(slots[0]));
	for (size_t i = 0; i < r->count; i++) {
		size_t at = slice_hash(r->metrics[i].name) & (size - 1);

		for (; slots[at]; at = (at + 1) & (size - 1))
			if (slice_equal(r->metrics[i].name, r->metrics[slots[at] - 1].name))
				return i;
		slots[at] = (uint16_t)(i + 1);
	}
	return 0;
}
_Static_assert(4 * RECORD_METRICS_MAX <= 4096, "find_twice() must have slots for all");

int reading_parse(struct slice line, struct buf *scratch, struct reading *r,
                  struct record_error *error)
{
	struct fields f;
	const char *metrics_at, *at;
	size_t twice;

	if (fields_begin(&f, line, scratch, error) < 0 || fields_seq(&f, &r->seq, &r->more) < 0 ||
	    fields_time(&f, "the time of arrival is missing", "not a time of arrival (RFC 3339)",
	                &r->received) < 0 ||
	    fields_time(&f, "the time is missing", "not a time (RFC 3339)", &r->time) < 0 ||
	    parse_name(&f, "the type is missing", "an empty type", &r->type) < 0 ||
	    parse_name(&f, "the sensor is missing", "an empty sensor name", &r->sensor) < 0)
		return -1;
	at = f.pos;
	if (fields_text(&f, "the schema version is missing", &r->schema) < 0)
		return -1;
	if (r->schema.len > RECORD_NAME_MAX)
		return fields_fail(&f, at, "a name over 255 bytes");
	metrics_at = f.pos;
	r->count = 0;
	do {
		if (r->count == RECORD_METRICS_MAX)
			return fields_fail(&f, f.pos, "more than 1000 metrics");
		if (!parse_plain_metric(&f, &r->metrics[r->count]) &&
		    parse_metric(&f, &r->metrics[r->count]) < 0)
			return -1;
		r->count++;
	} while (fields_left(&f));
	twice = find_twice(r);
	if (twice)
		return fields_fail(&f, metrics_at, "a metric that is named twice");
	return 0;
}

struct reading_head reading_head_of(const struct reading *r)
{
	return (struct reading_head){
	    .seq = r->seq,
	    .more = r->more,
	    .received = r->received,
	    .time = r->time,
	    .type = r->type,
	    .sensor = r->sensor,
	    .schema = r->schema,
	};
}

void reading_begin(struct buf *b, const struct reading_head *head)
{
	buf_append(b, "r1\t", 3);
	buf_append_u64(b, head->seq);
	if (head->more)
		buf_putc(b, '+');
	buf_putc(b, '\t');
	clock_append(b, head->received);
	buf_putc(b, '\t');
	clock_append(b, head->time);
	buf_putc(b, '\t');
	escape_append(b, head->type);
	buf_putc(b, '\t');
	escape_append(b, head->sensor);
	buf_putc(b, '\t');
	escape_append(b, head->schema);
}

void reading_append_metric(struct buf *b, struct slice name, struct slice text,
                           enum quality quality, struct slice unit)
{
	buf_putc(b, '\t');
	escape_append(b, name);
	buf_putc(b, '=');
	if (*text.ptr == '"')
		escape_append(b, text);
	else
		buf_append_slice(b, text); /* has nothing to be escaped */
	if (quality != QUALITY_GOOD || unit.len) {
		buf_putc(b, ';');
		buf_putc(b, (char)('0' + quality));
	}
	if (unit.len) {
		buf_putc(b, ';');
		escape_append(b, unit);
	}
}
