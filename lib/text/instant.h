/*
 * instant: a point in time, and a span of time, as an operator writes them.
 *
 *   2026-01-31T12:00:00Z   RFC 3339, with any offset
 *   2026-01-31             the first instant of that day, UTC
 *   now
 *   -30m                   so long ago
 *   30m                    a span: a number and its unit: s, m, h, d, w
 */
#ifndef SENSORPIPE_INSTANT_H
#define SENSORPIPE_INSTANT_H

#include "base/slice.h"

#include <stdint.h>

/* The forms that instant_parse() takes, for messages. */
#define INSTANT_FORMS                                                                            \
	"RFC 3339 (2026-01-31T12:00:00Z), a day (2026-01-31), now, or so long ago (-90s, -30m, " \
	"-24h, -7d, -2w)"

/* Microseconds since 1970; `now` is the present. 0, or -1: it is none, or before the year 1. */
int instant_parse(struct slice text, int64_t now, int64_t *us);

/* Microseconds, at most `most`. 0, or -1: it is none, or longer. */
int instant_parse_span(struct slice text, int64_t most, int64_t *us);

#endif
