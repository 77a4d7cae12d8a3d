/*
 * axis: round numbers and round times to write along a chart.
 *
 * Values step by 1, 2 or 5 times a power of ten; times by round spans of
 * seconds, minutes, hours and days, at full ones of them in UTC. No I/O.
 */
#ifndef TSDB_QUERY_AXIS_H
#define TSDB_QUERY_AXIS_H

#include "base/buf.h"

#include <stdint.h>

enum { AXIS_TICKS_MAX = 64 };

struct axis_values {
	double first, step; /* ticks are first + i * step */
	size_t count;
	int decimals; /* that tell the ticks apart */
};

/* At most `most` ticks (2 to AXIS_TICKS_MAX) within [low, high]; low < high, both finite. */
void axis_values(struct axis_values *a, double low, double high, size_t most);
double axis_value(const struct axis_values *a, size_t i);
void axis_append_value(struct buf *b, const struct axis_values *a, size_t i);

struct axis_times {
	int64_t first, step; /* microseconds */
	size_t count;
};

/* The same for times; `from` < `to`. */
void axis_times(struct axis_times *a, int64_t from, int64_t to, size_t most);

/* "14:05:30", "14:05" or "01-31", as the step needs; midnight is a date. */
void axis_append_time(struct buf *b, const struct axis_times *a, size_t i);

#endif
