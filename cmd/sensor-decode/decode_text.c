#include "decode_text.h"

#include "lone_value.h"
#include "text/json.h"
#include "text/number.h"
#include "text/utf8.h"
#include "json/json_value.h"

#include <strings.h>

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct slice trim(struct slice s)
{
	while (s.len && is_space(s.ptr[s.len - 1]))
		s.len--;
	while (s.len && is_space(*s.ptr)) {
		s.ptr++;
		s.len--;
	}
	return s;
}

bool decode_text_is_no_number(struct slice s)
{
	static const char *const words[] = {"nan", "inf", "infinity"};

	if (s.len && (*s.ptr == '-' || *s.ptr == '+')) {
		s.ptr++;
		s.len--;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (s.len == strlen(words[i]) && strncasecmp(s.ptr, words[i], s.len) == 0)
			return true;
	return false;
}

/* What the text, which is not empty, is as JSON. */
static enum json_token kind_of(struct slice text, bool *exponent)
{
	const char *end = text.ptr + text.len;

	if (number_scan(text.ptr, end, exponent) == end)
		return JSON_NUMBER;
	if (slice_is(text, "true"))
		return JSON_TRUE;
	if (slice_is(text, "false"))
		return JSON_FALSE;
	return JSON_STRING;
}

/* A text that is no number, nor true or false, to a JSON string. */
static int to_string(struct payload *p, struct slice text, struct buf *json,
                     struct json_value *value)
{
	if (memchr(text.ptr, '\0', text.len))
		return fault_set(p->fault, FAULT_NUL, "the text has a NUL in it");
	if (!utf8_valid(text))
		return fault_set(p->fault, FAULT_BAD_TEXT, "the text is not UTF-8");
	buf_clear(json);
	json_append_string(json, text);
	value->text = (struct slice){json->ptr + 1, json->len - 2};
	value->escaped = value->text.len > text.len;
	return 0;
}

int decode_text_value(struct payload *p, struct buf *text, struct json_value *value)
{
	*value = (struct json_value){.text = trim(p->bytes)};
	if (value->text.len == 0)
		return fault_set(p->fault, FAULT_NO_METRICS, "the payload is empty");
	value->token = kind_of(value->text, &value->exponent);
	return value->token == JSON_STRING ? to_string(p, value->text, text, value) : 0;
}

int decode_text(struct payload *p)
{
	struct json_value value;

	if (decode_text_value(p, p->scratch, &value) < 0)
		return -1;
	value.escaped = false; /* it has no NUL, and need not be looked at again */
	if (value.token == JSON_STRING && decode_text_is_no_number(value.text))
		return fault_set(p->fault, FAULT_NUMBER_RANGE, "'%.*s' is not a finite number",
		                 SLICE_ARG(value.text));
	return lone_value_take(p, &value);
}
