/*
 * decimal: sums of decimal numbers, exact, as text.
 *
 * 23.5 and 0.1 are 23.6: no double stands between. The sum has as many places
 * behind the point as the longer of the two, and no exponent. A number that is
 * zero changes nothing: the other one is the sum as it is written, whatever its
 * size. Otherwise digits reach at most DECIMAL_PLACES to either side of the
 * point.
 */
#ifndef SENSOR_DECODE_DECIMAL_H
#define SENSOR_DECODE_DECIMAL_H

#include "base/slice.h"

enum {
	DECIMAL_PLACES = 64,
	DECIMAL_TEXT_MAX = 2 * DECIMAL_PLACES + 3, /* with sign and point */
};

/* The sum of two JSON numbers: one of them, or a text in `out`. Returns 0, or -1 when it has too
 * many digits. */
int decimal_add(struct slice a, struct slice b, char out[DECIMAL_TEXT_MAX], struct slice *sum);

#endif
