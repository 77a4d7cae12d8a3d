#include "check.h"

#include "series.h"

#include <string.h>

/* A JSON string as written holds the escape of NUL. */
static bool holds_nul(struct slice json)
{
	const char *p = json.ptr, *end = json.ptr + json.len;

	while ((p = memchr(p, '\\', (size_t)(end - p)))) {
		if (end - p >= 6 && memcmp(p, "\\u0000", 6) == 0)
			return true;
		p += 2; /* a backslash and what it escapes: `\\u0000` is none */
	}
	return false;
}

static bool parse_schema(struct slice text, int32_t *schema)
{
	int64_t value = 0;

	*schema = SCHEMA_NONE;
	if (text.len == 0)
		return true;
	if (text.len > 10)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
		value = value * 10 + (text.ptr[i] - '0');
	}
	if (value > INT32_MAX)
		return false;
	*schema = (int32_t)value;
	return true;
}

const char *check_seq(uint64_t seq, const char **detail)
{
	if (seq <= INT64_MAX)
		return NULL;
	*detail = "the sequence number is over 9223372036854775807";
	return "seq-range";
}

const char *check_reading(const struct reading *r, int32_t *schema, const char **detail)
{
	if (check_seq(r->seq, detail))
		return "seq-range";
	if (!parse_schema(r->schema, schema)) {
		*detail = "the schema version is not an integer from 0 to 2147483647";
		return "bad-schema";
	}
	for (size_t i = 0; i < r->count; i++) {
		if (r->metrics[i].kind == VALUE_STRING && holds_nul(r->metrics[i].text)) {
			*detail = "a text with a NUL character, which PostgreSQL cannot store";
			return "nul-in-text";
		}
	}
	return NULL;
}
