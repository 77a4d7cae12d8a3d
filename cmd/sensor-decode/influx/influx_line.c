#include "influx/influx_line.h"

#include <string.h>

void influx_line_init(struct influx_line *l, struct slice text)
{
	*l = (struct influx_line){.start = text.ptr, .pos = text.ptr, .end = text.ptr + text.len};
}

static int fail(struct influx_line *l, const char *at, const char *what)
{
	l->error = what;
	l->error_at = (size_t)(at - l->start);
	return -1;
}

static bool at(const struct influx_line *l, char c)
{
	return l->pos < l->end && *l->pos == c;
}

static bool is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

static bool is_digit(char c)
{
	return (unsigned char)(c - '0') <= 9;
}

static void skip_blanks(struct influx_line *l)
{
	while (at(l, ' '))
		l->pos++;
}

/* How long the end of a line is that stands here; a last line has none. */
static size_t line_end(const struct influx_line *l)
{
	size_t left = (size_t)(l->end - l->pos);

	if (left >= 1 && *l->pos == '\n')
		return 1;
	if (left >= 2 && l->pos[0] == '\r' && l->pos[1] == '\n')
		return 2;
	return left == 1 && *l->pos == '\r';
}

static bool take_line_end(struct influx_line *l)
{
	size_t len = line_end(l);

	l->pos += len;
	return len > 0 || l->pos == l->end;
}

static bool is_escape(const char *p, const char *end, const char *escapes)
{
	return *p == '\\' && end - p > 1 && p[1] && strchr(escapes, p[1]);
}

size_t influx_line_unescape(struct slice raw, const char *escapes, char *out)
{
	const char *p = raw.ptr, *end = p + raw.len;
	char *to = out;

	while (p < end) {
		p += is_escape(p, end, escapes);
		*to++ = *p++;
	}
	return (size_t)(to - out);
}

/* Takes a name, which ends at a control character and at what would have to be escaped in it. */
static struct slice take_name(struct influx_line *l, const char *escapes, bool equals)
{
	const char *from = l->pos, *p = from;

	for (; p < l->end; p++) {
		if (is_escape(p, l->end, escapes))
			p++;
		else if (is_control(*p) || *p == ',' || *p == ' ' || (equals && *p == '='))
			break;
	}
	l->pos = p;
	return (struct slice){from, (size_t)(p - from)};
}

static int take_comment(struct influx_line *l)
{
	while (l->pos < l->end && (!is_control(*l->pos) || *l->pos == '\t'))
		l->pos++;
	return take_line_end(l) ? 0 : fail(l, l->pos, "a control character in a comment");
}

int influx_line_point(struct influx_line *l, struct slice *measurement)
{
	for (;;) {
		skip_blanks(l);
		if (at(l, '#')) {
			if (take_comment(l) < 0)
				return -1;
		} else if (l->pos == l->end) {
			return 0;
		} else if (!line_end(l)) {
			break;
		} else {
			take_line_end(l);
		}
	}
	*measurement = take_name(l, INFLUX_MEASUREMENT_ESCAPES, false);
	if (measurement->len == 0)
		return fail(l, l->pos, "a measurement is missing");
	l->more = true;
	return 1;
}

int influx_line_tag(struct influx_line *l, struct slice *key, struct slice *value)
{
	if (at(l, ' ')) {
		skip_blanks(l);
		return 0;
	}
	if (!at(l, ','))
		return fail(l, l->pos,
		            l->pos == l->end || line_end(l)
		                ? "a point without fields"
		                : "',' or a blank is missing behind a measurement or a tag");
	l->pos++;
	*key = take_name(l, INFLUX_KEY_ESCAPES, true);
	if (key->len == 0)
		return fail(l, l->pos, "the key of a tag is missing");
	if (!at(l, '='))
		return fail(l, l->pos, "'=' is missing behind the key of a tag");
	l->pos++;
	*value = take_name(l, INFLUX_KEY_ESCAPES, true);
	return value->len ? 1 : fail(l, l->pos, "the value of a tag is missing");
}

/* ---- values ---- */

static bool is_boolean(struct slice s)
{
	static const char *const words[] = {"t", "T", "true",  "True",  "TRUE",
	                                    "f", "F", "false", "False", "FALSE"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (slice_is(s, words[i]))
			return true;
	return false;
}

static const char *skip_digits(const char *p, const char *end)
{
	while (p < end && is_digit(*p))
		p++;
	return p;
}

/* [-]digits, for an unsigned one without the sign. */
static bool is_integer(struct slice s, bool negative)
{
	const char *p = s.ptr, *end = p + s.len;

	if (negative && p < end && *p == '-')
		p++;
	return p < end && skip_digits(p, end) == end;
}

/* Digits before or behind the point; an exponent has digits, too. */
static bool is_float(struct slice s)
{
	const char *p = s.ptr, *end = p + s.len, *from;
	size_t digits;

	if (p < end && *p == '-')
		p++;
	from = p;
	p = skip_digits(p, end);
	digits = (size_t)(p - from);
	if (p < end && *p == '.') {
		from = ++p;
		p = skip_digits(p, end);
		digits += (size_t)(p - from);
	}
	if (digits == 0)
		return false;
	if (p < end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		from = p;
		p = skip_digits(p, end);
		if (p == from)
			return false;
	}
	return p == end;
}

static int take_string(struct influx_line *l, struct influx_value *value)
{
	const char *quote = l->pos, *p = quote + 1;

	while (p < l->end && *p != '"')
		p += *p == '\\' && l->end - p > 1 ? 2 : 1;
	if (p == l->end)
		return fail(l, quote, "a string without its closing quote");
	value->kind = INFLUX_STRING;
	value->text = (struct slice){quote + 1, (size_t)(p - quote - 1)};
	l->pos = p + 1;
	return 0;
}

static int take_value(struct influx_line *l, struct influx_value *value)
{
	const char *from = l->pos, *p = from;
	struct slice s;

	if (at(l, '"'))
		return take_string(l, value);
	while (p < l->end && !is_control(*p) && *p != ',' && *p != ' ')
		p++;
	s = (struct slice){from, (size_t)(p - from)};
	if (s.len == 0)
		return fail(l, from, "the value of a field is missing");
	l->pos = p;
	value->text = s;
	value->kind = p[-1] == 'i' ? INFLUX_INTEGER : p[-1] == 'u' ? INFLUX_UNSIGNED : INFLUX_FLOAT;
	if (value->kind != INFLUX_FLOAT) {
		value->text.len--;
		return is_integer(value->text, value->kind == INFLUX_INTEGER)
		           ? 0
		           : fail(l, from, "not an integer");
	}
	if (is_float(s))
		return 0;
	value->kind = INFLUX_BOOLEAN;
	return is_boolean(s) ? 0 : fail(l, from, "no number, truth value or \"string\"");
}

int influx_line_field(struct influx_line *l, struct slice *key, struct influx_value *value)
{
	if (!l->more)
		return 0;
	*key = take_name(l, INFLUX_KEY_ESCAPES, true);
	if (key->len == 0)
		return fail(l, l->pos, "the key of a field is missing");
	if (!at(l, '='))
		return fail(l, l->pos, "'=' is missing behind the key of a field");
	l->pos++;
	if (take_value(l, value) < 0)
		return -1;
	l->more = at(l, ',');
	if (l->more)
		l->pos++;
	else if (!at(l, ' ') && !line_end(l) && l->pos < l->end)
		return fail(l, l->pos, "something follows the value of a field");
	return 1;
}

int influx_line_time(struct influx_line *l, struct slice *time)
{
	const char *from;

	skip_blanks(l);
	if (take_line_end(l))
		return 0;
	from = l->pos;
	while (l->pos < l->end && !is_control(*l->pos) && *l->pos != ' ')
		l->pos++;
	*time = (struct slice){from, (size_t)(l->pos - from)};
	if (!is_integer(*time, true))
		return fail(l, from, "not a time");
	skip_blanks(l);
	return take_line_end(l) ? 1 : fail(l, l->pos, "something follows the time");
}
