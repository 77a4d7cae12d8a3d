/*
 * row: what flows from the database to the output: readings, or buckets of aggregates.
 *
 * Rows come series by series, each in order of time, except for records (r1),
 * which go through the readings of a sensor in order of time. A stage takes
 * one row at a time; rows, and what they point to, live until it returns.
 * Stages that change rows pass them on to the next one.
 */
#ifndef TSDB_QUERY_ROW_H
#define TSDB_QUERY_ROW_H

#include "aggregate.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct catalog_sensor {
	int32_t id;
	struct slice type, name;
	struct slice schema; /* version of its latest reading; empty: none */
};

struct catalog_metric {
	int16_t id;
	struct slice name;
	struct slice unit; /* empty: not known */
};

struct row {
	const struct catalog_sensor *sensor;
	const struct catalog_metric *metric;
	int64_t time; /* of the reading, or the start of the bucket; microseconds */

	/* Of a bucket: those of the aggregates, NaN where there is none. */
	size_t count;
	double values[AGGREGATES_MAX];

	/* Of a reading: a string, or a number as the shortest decimal that reads back the same (or
	 * NaN, Infinity, -Infinity). */
	struct slice value;
	bool is_string;
	int quality;
};

struct stage {
	void (*row)(struct stage *self, const struct row *row);
	/* No more rows: writes what is left, and finishes the next stage. */
	void (*finish)(struct stage *self);
};

static inline bool row_same_series(const struct row *a, const struct row *b)
{
	return a->sensor == b->sensor && a->metric == b->metric;
}

#endif
