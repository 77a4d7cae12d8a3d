#include "json/json_value.h"

#include "base/clock.h"
#include "text/number.h"

#include <string.h>

/* Numbers up to this long without an exponent are far from the limits of a double. */
enum { NUMBER_SURELY_FINITE = 300 };

const char *json_value_shape(enum json_token token)
{
	switch (token) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "a string";
	case JSON_NUMBER:
		return "a number";
	case JSON_NULL:
		return "null";
	default:
		return "a truth value";
	}
}

struct slice json_value_unescape(const struct json_value *v, struct buf *scratch)
{
	buf_clear(scratch);
	json_unescape(v->text, scratch);
	return buf_slice(scratch);
}

static bool is_finite(const struct json_value *number)
{
	double value;

	return (!number->exponent && number->text.len < NUMBER_SURELY_FINITE) ||
	       number_parse(number->text, &value) == 0;
}

static bool has_nul(const struct json_value *v, struct buf *scratch)
{
	struct slice s;

	if (!v->escaped) /* a raw one is no JSON */
		return false;
	s = json_value_string(v, scratch);
	return s.len && memchr(s.ptr, '\0', s.len);
}

int json_value_check(const struct json_value *v, struct slice name, struct buf *scratch,
                     struct fault *fault)
{
	if (v->token == JSON_NUMBER && !is_finite(v))
		return fault_set(fault, FAULT_NUMBER_RANGE,
		                 "'%.*s' is beyond the range of a double", SLICE_ARG(name));
	if (v->token == JSON_STRING && has_nul(v, scratch))
		return fault_set(fault, FAULT_NUL, "'%.*s' is a string with a NUL in it",
		                 SLICE_ARG(name));
	return 0;
}

int json_value_no_time(const struct json_value *v, struct slice name, struct fault *fault)
{
	enum { SHOWN = 64 };
	int shown = (int)(v->text.len < SHOWN ? v->text.len : SHOWN);

	return fault_set(fault, FAULT_BAD_TIME,
	                 "'%.*s' is no time of the years 0001 to 9999: '%.*s'", SLICE_ARG(name),
	                 shown, v->text.ptr);
}

int json_value_time(const struct json_value *v, struct slice name, enum time_unit unit,
                    struct buf *scratch, int64_t *us, struct fault *fault)
{
	if (v->token == JSON_STRING && clock_parse(json_value_string(v, scratch), us) == 0)
		return 0;
	if (v->token == JSON_NUMBER && device_time_number(v->text, unit, us) == 0)
		return 0;
	return json_value_no_time(v, name, fault);
}
