/*
 * aggregate: what is computed of the readings of a bucket, and the SQL that does it.
 *
 *   avg min max sum count first last
 *   stddev          sample standard deviation; null for fewer than two readings
 *   range           max - min
 *   median, pNN     percentiles, p0.1 to p99.9; between two readings the line through them
 *
 * All but percentiles can be computed from rollups, too: from sums over parts
 * (see statement.h). No I/O.
 */
#ifndef TSDB_QUERY_AGGREGATE_H
#define TSDB_QUERY_AGGREGATE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	AGGREGATES_MAX = 32,     /* in one query */
	AGGREGATE_NAME_MAX = 16, /* bytes, with the NUL */
};

enum aggregate_kind {
	AGGREGATE_AVG,
	AGGREGATE_MIN,
	AGGREGATE_MAX,
	AGGREGATE_SUM,
	AGGREGATE_COUNT,
	AGGREGATE_FIRST,
	AGGREGATE_LAST,
	AGGREGATE_STDDEV,
	AGGREGATE_RANGE,
	AGGREGATE_PERCENTILE,
};

struct aggregate {
	enum aggregate_kind kind;
	char name[AGGREGATE_NAME_MAX]; /* as it was asked for */
	double fraction;               /* of a percentile */
};

struct aggregates {
	size_t count;
	struct aggregate items[AGGREGATES_MAX];
};

/* Adds the names of a text, separated by commas. Returns NULL, or what is wrong with one of them,
 * *at then being its start. */
const char *aggregates_add(struct aggregates *list, const char *text, struct slice *at);

/* Whether rollups are no help. */
bool aggregates_need_raw(const struct aggregates *list);

/* Appends an expression of type float8 over rows (time, value). */
void aggregate_append_raw(struct buf *sql, const struct aggregate *a);

/* The same over rows (time, count, sum, min, max, first, last, sum_of_squares), count as float8.
 * Not for percentiles. */
void aggregate_append_rolled(struct buf *sql, const struct aggregate *a);

#endif
