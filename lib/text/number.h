/*
 * number: JSON numbers (RFC 8259 section 6) to double, exactly rounded.
 *
 * Short decimals (at most 19 digits whose value is below 2^53, and a power of
 * ten within +-22) are converted with one exact multiplication or division
 * (Clinger, "How to read floating point numbers accurately", 1990); the rest
 * goes through strtod(3) in the C locale.
 */
#ifndef SENSORPIPE_NUMBER_H
#define SENSORPIPE_NUMBER_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>

/* First byte after the JSON number at ptr, or NULL when there is none. */
const char *number_end(const char *ptr, const char *end);

/* As above, and whether the number has an exponent. */
const char *number_scan(const char *ptr, const char *end, bool *exponent);

/* As above, with the value, which is infinite when it is beyond the range of a double. */
const char *number_read(const char *ptr, const char *end, double *value);

/*
 * The value of a whole JSON number. Returns 0, or -1 when the text is not one
 * or its magnitude is beyond the range of a double (1e999). What is too small
 * becomes 0 or a subnormal, as IEEE 754 rounds it.
 */
int number_parse(struct slice text, double *value);

/* Appends a finite double as the shortest decimal of at most 17 digits that reads back the same. */
void number_append(struct buf *b, double value);

/* The same for a float, of at most 9 digits: 0.1f is "0.1", not the double it would be widened to.
 */
void number_append_float(struct buf *b, float value);

#endif
