/*
 * lttb: fewer points that look the same: largest-triangle-three-buckets.
 *
 * Keeps the first and the last point, cuts the rest into buckets of equal
 * counts, and keeps of each bucket the point that spans the largest triangle
 * with the point kept before it and the mean of the next bucket.
 *
 * Source: Sveinn Steinarsson, "Downsampling Time Series for Visual
 * Representation", MSc thesis, University of Iceland, 2013, section 4.2.
 */
#ifndef TSDB_QUERY_LTTB_H
#define TSDB_QUERY_LTTB_H

#include <stddef.h>
#include <stdint.h>

struct point {
	int64_t time; /* microseconds */
	double value; /* finite */
	int quality;
};

/* Reduces `count` points, in order of time, to at most `want` (2 or more) in place; returns how
 * many are left. */
size_t lttb_reduce(struct point *points, size_t count, size_t want);

#endif
