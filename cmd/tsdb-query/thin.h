/*
 * thin: each series of readings, reduced to a number of points by largest-triangle-three-buckets.
 *
 * A series is held in memory until it is complete: THIN_SERIES_MAX readings at
 * the most, 240 MB; a longer one ends the process with EX_DATAERR. What is no
 * finite number cannot be weighed and is left out.
 */
#ifndef TSDB_QUERY_THIN_H
#define TSDB_QUERY_THIN_H

#include "lttb.h"
#include "row.h"
#include "tally.h"

enum {
	THIN_SERIES_MAX = 10000000,
	THIN_POINTS_LEAST = 2,
	THIN_POINTS_MOST = 1000000,
};

struct thin {
	struct stage stage; /* takes readings */
	struct stage *next;
	struct tally *tally;
	size_t points; /* of a series; THIN_POINTS_LEAST to THIN_POINTS_MOST */

	/* Private: the series at hand. */
	const struct catalog_sensor *sensor;
	const struct catalog_metric *metric;
	struct point *series;
	size_t count, room;
	struct buf text;
};

void thin_init(struct thin *t);

#endif
