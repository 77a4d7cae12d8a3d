#include "influx/influx_value.h"

#include "text/json.h"
#include "text/number.h"

#include <string.h>

/* Digits without zeros in front; 0 keeps one. */
static struct slice significant(struct slice digits)
{
	while (digits.len > 1 && *digits.ptr == '0') {
		digits.ptr++;
		digits.len--;
	}
	return digits;
}

/* Returns 0, or -1 when the digits are beyond 64 bits. */
static int read_digits(struct slice digits, uint64_t *value)
{
	*value = 0;
	for (size_t i = 0; i < digits.len; i++)
		if (__builtin_mul_overflow(*value, UINT64_C(10), value) ||
		    __builtin_add_overflow(*value, (uint64_t)(digits.ptr[i] - '0'), value))
			return -1;
	return 0;
}

int influx_integer(struct slice text, int64_t *integer)
{
	bool negative = *text.ptr == '-';
	uint64_t value;

	if (read_digits((struct slice){text.ptr + negative, text.len - negative}, &value) < 0 ||
	    value > (uint64_t)INT64_MAX + negative)
		return -1;
	*integer = negative ? (int64_t)(0 - value) : (int64_t)value;
	return 0;
}

static int out_of_range(struct slice key, const char *range, struct fault *fault)
{
	return fault_set(fault, FAULT_NUMBER_RANGE, "'%.*s' is beyond the range of %s",
	                 SLICE_ARG(key), range);
}

static int append_integer(struct slice text, struct slice key, struct buf *json,
                          struct fault *fault)
{
	bool negative = *text.ptr == '-';
	struct slice digits = {text.ptr + negative, text.len - negative};
	int64_t value;

	if (influx_integer(text, &value) < 0)
		return out_of_range(key, "a signed integer of 64 bits", fault);
	if (value < 0)
		buf_putc(json, '-');
	buf_append_slice(json, significant(digits));
	return 0;
}

static int append_unsigned(struct slice text, struct slice key, struct buf *json,
                           struct fault *fault)
{
	uint64_t value;

	if (read_digits(text, &value) < 0)
		return out_of_range(key, "an unsigned integer of 64 bits", fault);
	buf_append_slice(json, significant(text));
	return 0;
}

static size_t digits_at(const char *p, const char *end)
{
	const char *from = p;

	while (p < end && (unsigned char)(*p - '0') <= 9)
		p++;
	return (size_t)(p - from);
}

static int append_float(struct slice text, struct slice key, struct buf *json, struct fault *fault)
{
	const char *p = text.ptr, *end = p + text.len;
	size_t from = json->len, len;
	double value;

	if (*p == '-')
		buf_putc(json, *p++);
	len = digits_at(p, end);
	buf_append_slice(json, len ? significant((struct slice){p, len}) : SLICE("0"));
	p += len;
	if (p < end && *p == '.') {
		len = 1 + digits_at(p + 1, end);
		if (len > 1)
			buf_append(json, p, len);
		p += len;
	}
	buf_append(json, p, (size_t)(end - p)); /* the exponent */
	if (number_parse((struct slice){json->ptr + from, json->len - from}, &value) < 0)
		return out_of_range(key, "a double", fault);
	return 0;
}

int influx_value_append(const struct influx_value *value, struct slice key, struct buf *json,
                        struct fault *fault)
{
	switch (value->kind) {
	case INFLUX_FLOAT:
		return append_float(value->text, key, json, fault);
	case INFLUX_INTEGER:
		return append_integer(value->text, key, json, fault);
	case INFLUX_UNSIGNED:
		return append_unsigned(value->text, key, json, fault);
	case INFLUX_BOOLEAN:
		buf_append_string(json, (*value->text.ptr | 0x20) == 't' ? "true" : "false");
		return 0;
	case INFLUX_STRING:
		break;
	}
	if (memchr(value->text.ptr, '\0', value->text.len))
		return fault_set(fault, FAULT_NUL, "'%.*s' is a string with a NUL in it",
		                 SLICE_ARG(key));
	json_append_string(json, value->text);
	return 0;
}
