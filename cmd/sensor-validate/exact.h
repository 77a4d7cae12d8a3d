/*
 * exact: arithmetic on JSON numbers as the decimals they are written as.
 *
 * JSON Schema speaks of numbers, not of doubles: 0.0075 is a multiple of
 * 0.0001, 1.0 and 1e0 are the integer 1, and 9007199254740993 is not
 * 9007199254740992. So a number goes with its text, which decides where its
 * double cannot. Nothing is allocated; the time is linear in the length of the
 * texts.
 */
#ifndef SENSOR_VALIDATE_EXACT_H
#define SENSOR_VALIDATE_EXACT_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/* `text` is a JSON number that number_parse() takes, and `value` what it gave. */
struct exact {
	double value;
	struct slice text;
};

/* Less than, equal to, or greater than 0, as a is less than, equal to, or greater than b. */
int exact_compare_texts(struct slice a, struct slice b);

static inline int exact_compare(struct exact a, struct exact b)
{
	/* Rounding to double keeps the order, except that different numbers may become equal. */
	if (a.value != b.value)
		return a.value < b.value ? -1 : 1;
	return exact_compare_texts(a.text, b.text);
}

/* True when there is no fractional part: 3, 3.0, 30e-1. */
bool exact_is_integer(struct exact a);

/* A number over 0 that others are to be multiples of: significand * 10^exponent. */
struct divisor {
	uint64_t significand;
	int64_t exponent;
};

enum { DIVISOR_DIGITS_MAX = 17 };

/* Returns 0, or -1 when `number`, as a double, is not over 0 or has more than DIVISOR_DIGITS_MAX
 * digits between its first and last that are not 0. */
int divisor_set(struct divisor *d, struct exact number);

bool exact_is_multiple(struct exact a, const struct divisor *d);

#endif
