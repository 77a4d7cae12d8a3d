/*
 * failure: why a value does not hold: the code of its dead letter, the detail, and the rule.
 */
#ifndef SENSOR_VALIDATE_FAILURE_H
#define SENSOR_VALIDATE_FAILURE_H

#include "base/buf.h"

enum failure_code {
	FAILURE_UNKNOWN_TYPE,
	FAILURE_UNKNOWN_SCHEMA,
	FAILURE_TOO_OLD,
	FAILURE_TOO_FUTURE,
	FAILURE_FALSE_SCHEMA,
	FAILURE_UNIT,
	FAILURE_TYPE,
	FAILURE_CONST,
	FAILURE_ENUM,
	FAILURE_MINIMUM,
	FAILURE_MAXIMUM,
	FAILURE_EXCLUSIVE_MINIMUM,
	FAILURE_EXCLUSIVE_MAXIMUM,
	FAILURE_MULTIPLE_OF,
	FAILURE_MIN_LENGTH,
	FAILURE_MAX_LENGTH,
	FAILURE_PATTERN,
	FAILURE_PATTERN_LIMIT,
	FAILURE_ADDITIONAL_PROPERTIES,
	FAILURE_REQUIRED,
	FAILURE_DEPENDENT_REQUIRED,
	FAILURE_MIN_PROPERTIES,
	FAILURE_MAX_PROPERTIES,
	FAILURE_GROSS_RANGE,
	FAILURE_SPIKE,
	FAILURE_RATE_OF_CHANGE,
	FAILURE_FLAT_LINE,
	FAILURE_DUPLICATE,
	FAILURE_OUT_OF_ORDER,
	FAILURE_CODES, /* how many */
};

/* The code as dead letters, skip records and metrics have it: "unknown-type". */
const char *failure_name(enum failure_code code);

/* Reused from one value to the next; the owner frees detail. */
struct failure {
	enum failure_code code;
	struct buf detail;
	struct slice place; /* JSON pointer to the schema with the rule; empty: the root */
};

enum {
	FAILURE_VALUE_MAX = 100, /* bytes of a value shown in a detail */
	FAILURE_LIMIT_MAX = 300, /* bytes of what a schema allows */
};

/* Starts an empty detail. */
void failure_begin(struct failure *f, enum failure_code code, struct slice place);

/* Starts the detail with what failed: `NAME VALUE`, or `VALUE` where the name is empty, the value
 * cut at FAILURE_VALUE_MAX. */
void failure_begin_value(struct failure *f, enum failure_code code, struct slice place,
                         struct slice name, struct slice value);

/* Appends `text` to the detail, cut at `most` bytes and then ended by "...". */
void failure_append_cut(struct failure *f, struct slice text, size_t most);

/* Appends the JSON pointer, as a URI fragment's, of the keyword that failed:
 * "#/properties/a/maximum". */
void failure_append_rule(const struct failure *f, struct buf *out);

#endif
