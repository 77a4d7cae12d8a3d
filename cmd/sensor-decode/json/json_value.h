/*
 * json_value: a scalar of a JSON text, as a metric or as a time.
 *
 * Values go into records as they are written, so no digit changes. What a
 * record cannot hold is a fault: a number beyond the range of a double, a
 * string with a NUL.
 */
#ifndef SENSOR_DECODE_JSON_VALUE_H
#define SENSOR_DECODE_JSON_VALUE_H

#include "base/buf.h"
#include "base/slice.h"
#include "device_time.h"
#include "fault.h"
#include "text/json.h"

#include <stdbool.h>
#include <stdint.h>

/* The token last given by json_next() and its text, which must outlive the value. */
struct json_value {
	enum json_token token;
	struct slice text;
	bool escaped, exponent; /* see struct json */
};

static inline struct json_value json_value_of(const struct json *j, enum json_token token)
{
	return (struct json_value){token, j->text, j->escaped, j->exponent};
}

/* "a number", for details. */
const char *json_value_shape(enum json_token token);

struct slice json_value_unescape(const struct json_value *v, struct buf *scratch);

/* The bytes of a string: a slice of the text, or of `scratch`, which is cleared then. */
static inline struct slice json_value_string(const struct json_value *v, struct buf *scratch)
{
	return v->escaped ? json_value_unescape(v, scratch) : v->text;
}

int json_value_check(const struct json_value *v, struct slice name, struct buf *scratch,
                     struct fault *fault);

/* What readings_add() takes. The value is a number, a string, true or false; the name is for the
 * detail. Returns 0, or -1 with the fault set. */
static inline int json_value_metric(const struct json_value *v, struct slice name,
                                    struct buf *scratch, struct slice *text, struct fault *fault)
{
	*text = v->text;
	if (v->token == JSON_STRING) /* with its quotes */
		*text = (struct slice){v->text.ptr - 1, v->text.len + 2};
	return json_value_check(v, name, scratch, fault);
}

/* A string by RFC 3339, or a number in the unit. Returns 0, or -1 with the fault set. */
int json_value_time(const struct json_value *v, struct slice name, enum time_unit unit,
                    struct buf *scratch, int64_t *us, struct fault *fault);

/* The value is no time. Sets the fault and returns -1. */
int json_value_no_time(const struct json_value *v, struct slice name, struct fault *fault);

#endif
