#include "text/json.h"

#include "text/number.h"
#include "text/plain.h"
#include "text/utf8.h"

#include <stdint.h>
#include <string.h>

/* What may come next. */
enum expect {
	EXPECT_VALUE,       /* at the start, after ':' */
	EXPECT_FIRST_ITEM,  /* after '[': a value or ']' */
	EXPECT_FIRST_NAME,  /* after '{': a name or '}' */
	EXPECT_AFTER_VALUE, /* ',' and what follows it, or the end of the container, or of the text
	                     */
	EXPECT_NOTHING,     /* after an error */
};

void json_init(struct json *j, struct slice text, unsigned max_depth)
{
	j->start = j->pos = text.ptr;
	j->end = text.ptr + text.len;
	j->text = (struct slice){0};
	j->escaped = j->exponent = false;
	j->error = NULL;
	j->error_at = 0;
	j->depth = 0;
	j->max_depth = max_depth;
	j->expect = EXPECT_VALUE;
}

size_t json_offset(const struct json *j)
{
	return (size_t)(j->pos - j->start);
}

static enum json_token fail(struct json *j, const char *at, const char *what)
{
	j->error = what;
	j->error_at = (size_t)(at - j->start);
	j->expect = EXPECT_NOTHING;
	return JSON_ERROR;
}

static bool in_object(const struct json *j)
{
	unsigned at = j->depth - 1;

	return j->in_object[at / 8] >> at % 8 & 1;
}

static void skip_space(struct json *j)
{
	while (j->pos < j->end &&
	       (*j->pos == ' ' || *j->pos == '\n' || *j->pos == '\r' || *j->pos == '\t'))
		j->pos++;
}

static int hex4(const char *p, const char *end, uint32_t *value)
{
	*value = 0;
	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		unsigned char c = (unsigned char)p[i], lower = c | 0x20;

		*value <<= 4;
		if (c >= '0' && c <= '9')
			*value |= c - '0';
		else if (lower >= 'a' && lower <= 'f')
			*value |= lower - 'a' + 10U;
		else
			return -1;
	}
	return 0;
}

/* The code point of \uHHHH or a surrogate pair of them, p at the first 'u'; returns the bytes after
 * the backslash it takes, or 0 when it is none. */
static unsigned unicode_escape(const char *p, const char *end, uint32_t *c)
{
	uint32_t low;

	if (hex4(p + 1, end, c) < 0)
		return 0;
	if (*c < 0xd800 || *c > 0xdfff)
		return 5;
	if (*c > 0xdbff || end - p < 11 || p[5] != '\\' || p[6] != 'u' ||
	    hex4(p + 7, end, &low) < 0 || low < 0xdc00 || low > 0xdfff)
		return 0;
	*c = 0x10000 + ((*c - 0xd800) << 10) + (low - 0xdc00);
	return 11;
}

/* Reads a string, pos after its opening quote, into j->text; 0 or -1 with the error set. */
static int read_string(struct json *j)
{
	const char *p = j->pos, *end = j->end;
	uint32_t c;
	unsigned n;

	j->escaped = false;
	for (;;) {
		p = plain_skip(p, end, '"');
		if (p == end)
			return fail(j, p, "string without an end"), -1;
		if (*p == '"')
			break;
		if (*p == '\\') {
			j->escaped = true;
			if (end - p < 2)
				return fail(j, p, "string without an end"), -1;
			if (p[1] == 'u') {
				n = unicode_escape(p + 1, end, &c);
				if (n == 0)
					return fail(j, p, "not a Unicode escape"), -1;
				p += 1 + n;
			} else if (p[1] && strchr("\"\\/bfnrt", p[1])) {
				p += 2;
			} else {
				return fail(j, p, "unknown escape"), -1;
			}
		} else if ((unsigned char)*p < 0x20) {
			return fail(j, p, "control character in a string"), -1;
		} else {
			n = utf8_sequence(p, end);
			if (n == 0)
				return fail(j, p, "invalid UTF-8"), -1;
			p += n;
		}
	}
	j->text = (struct slice){j->pos, (size_t)(p - j->pos)};
	j->pos = p + 1;
	return 0;
}

static enum json_token open_container(struct json *j, bool object)
{
	unsigned at = j->depth;

	if (j->depth == j->max_depth)
		return fail(j, j->pos, "nested too deeply");
	j->depth++;
	if (object)
		j->in_object[at / 8] |= (unsigned char)(1U << at % 8);
	else
		j->in_object[at / 8] &= (unsigned char)~(1U << at % 8);
	j->text = (struct slice){j->pos++, 1};
	j->expect = object ? EXPECT_FIRST_NAME : EXPECT_FIRST_ITEM;
	return object ? JSON_OBJECT : JSON_ARRAY;
}

static enum json_token close_container(struct json *j, bool object)
{
	j->depth--;
	j->text = (struct slice){j->pos++, 1};
	j->expect = EXPECT_AFTER_VALUE;
	return object ? JSON_OBJECT_END : JSON_ARRAY_END;
}

static enum json_token read_literal(struct json *j, struct slice word, enum json_token token)
{
	struct slice rest = {j->pos, (size_t)(j->end - j->pos)};

	if (!slice_starts_with(rest, word))
		return fail(j, j->pos, "not a JSON value");
	j->text = (struct slice){j->pos, word.len};
	j->pos += word.len;
	j->expect = EXPECT_AFTER_VALUE;
	return token;
}

static enum json_token read_number(struct json *j)
{
	const char *end = number_scan(j->pos, j->end, &j->exponent);

	if (!end)
		return fail(j, j->pos, "not a JSON number");
	j->text = (struct slice){j->pos, (size_t)(end - j->pos)};
	j->pos = end;
	j->expect = EXPECT_AFTER_VALUE;
	return JSON_NUMBER;
}

static enum json_token read_value(struct json *j)
{
	if (j->pos == j->end)
		return fail(j, j->pos, "the text ends where a value should be");
	switch (*j->pos) {
	case '{':
		return open_container(j, true);
	case '[':
		return open_container(j, false);
	case '"':
		j->pos++;
		if (read_string(j) < 0)
			return JSON_ERROR;
		j->expect = EXPECT_AFTER_VALUE;
		return JSON_STRING;
	case 't':
		return read_literal(j, SLICE("true"), JSON_TRUE);
	case 'f':
		return read_literal(j, SLICE("false"), JSON_FALSE);
	case 'n':
		return read_literal(j, SLICE("null"), JSON_NULL);
	case '-':
	case '0':
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
	case '7':
	case '8':
	case '9':
		return read_number(j);
	default:
		return fail(j, j->pos, "not a JSON value");
	}
}

static enum json_token read_name(struct json *j)
{
	if (j->pos == j->end || *j->pos != '"')
		return fail(j, j->pos, "a name in quotes is missing");
	j->pos++;
	if (read_string(j) < 0)
		return JSON_ERROR;
	skip_space(j);
	if (j->pos == j->end || *j->pos != ':')
		return fail(j, j->pos, "a ':' is missing after a name");
	j->pos++;
	j->expect = EXPECT_VALUE;
	return JSON_NAME;
}

static enum json_token after_value(struct json *j)
{
	bool object;

	if (j->depth == 0) {
		if (j->pos != j->end)
			return fail(j, j->pos, "something follows the value");
		return JSON_END;
	}
	object = in_object(j);
	if (j->pos == j->end)
		return fail(j, j->pos, object ? "object without an end" : "array without an end");
	if (*j->pos == (object ? '}' : ']'))
		return close_container(j, object);
	if (*j->pos != ',')
		return fail(j, j->pos,
		            object ? "a ',' or '}' is missing" : "a ',' or ']' is missing");
	j->pos++;
	skip_space(j);
	return object ? read_name(j) : read_value(j);
}

enum json_token json_next(struct json *j)
{
	if (j->expect != EXPECT_NOTHING)
		skip_space(j);
	switch ((enum expect)j->expect) {
	case EXPECT_VALUE:
		return read_value(j);
	case EXPECT_FIRST_ITEM:
		if (j->pos < j->end && *j->pos == ']')
			return close_container(j, false);
		return read_value(j);
	case EXPECT_FIRST_NAME:
		if (j->pos < j->end && *j->pos == '}')
			return close_container(j, true);
		return read_name(j);
	case EXPECT_AFTER_VALUE:
		return after_value(j);
	case EXPECT_NOTHING:
		break;
	}
	return JSON_ERROR;
}

int json_skip(struct json *j, enum json_token token)
{
	unsigned outside;

	if (token == JSON_ERROR)
		return -1;
	if (token != JSON_OBJECT && token != JSON_ARRAY)
		return 0;
	outside = j->depth - 1;
	while (j->depth > outside)
		if (json_next(j) == JSON_ERROR)
			return -1;
	return 0;
}

/* Half of the levels are put aside when all are in use, and come back when the others are closed.
 */
enum { ASIDE = JSON_DEPTH_MAX / 2, ASIDE_BYTES = ASIDE / 8 };

static void put_aside(struct json *j, struct buf *stack)
{
	buf_append(stack, j->in_object, ASIDE_BYTES);
	memcpy(j->in_object, j->in_object + ASIDE_BYTES, ASIDE_BYTES);
	j->depth -= ASIDE;
}

static void take_back(struct json *j, struct buf *stack)
{
	stack->len -= ASIDE_BYTES;
	memcpy(j->in_object, stack->ptr + stack->len, ASIDE_BYTES);
	j->depth = ASIDE;
}

int json_check(struct json *j, struct slice text, struct buf *stack)
{
	enum json_token token;

	buf_clear(stack);
	json_init(j, text, JSON_DEPTH_MAX);
	do {
		if (j->depth == JSON_DEPTH_MAX)
			put_aside(j, stack);
		else if (j->depth == 0 && stack->len > 0)
			take_back(j, stack);
		token = json_next(j);
	} while (token != JSON_END && token != JSON_ERROR);
	return token == JSON_END ? 0 : -1;
}

void json_unescape(struct slice raw, struct buf *out)
{
	const char *p = raw.ptr, *end = raw.ptr + raw.len;

	buf_reserve(out, raw.len);
	while (p < end) {
		const char *backslash = memchr(p, '\\', (size_t)(end - p));
		uint32_t c;

		if (!backslash)
			backslash = end;
		buf_append(out, p, (size_t)(backslash - p));
		p = backslash;
		if (end - p < 2)
			break;
		p++;
		switch (*p) {
		case 'b':
			buf_putc(out, '\b');
			break;
		case 'f':
			buf_putc(out, '\f');
			break;
		case 'n':
			buf_putc(out, '\n');
			break;
		case 'r':
			buf_putc(out, '\r');
			break;
		case 't':
			buf_putc(out, '\t');
			break;
		case 'u': {
			unsigned n = unicode_escape(p, end, &c);

			buf_reserve(out, 4);
			if (n) {
				out->len += utf8_encode(c, out->ptr + out->len);
				p += n - 1;
			}
			break;
		}
		default:
			buf_putc(out, *p);
		}
		p++;
	}
}

void json_append_string(struct buf *out, struct slice text)
{
	const char *p = text.len ? text.ptr : "", *end = p + text.len, *run = p;

	buf_reserve(out, text.len + 2);
	buf_putc(out, '"');
	for (; p < end; p++) {
		unsigned char c = (unsigned char)*p;

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_append(out, run, (size_t)(p - run));
		run = p + 1;
		if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", c);
		else if (c == '\n')
			buf_append_string(out, "\\n");
		else if (c == '\r')
			buf_append_string(out, "\\r");
		else if (c == '\t')
			buf_append_string(out, "\\t");
		else
			buf_printf(out, "\\u%04x", c);
	}
	buf_append(out, run, (size_t)(p - run));
	buf_putc(out, '"');
}
