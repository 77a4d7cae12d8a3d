/*
 * fill: the buckets of a series in which there are no readings.
 *
 * Every series that has a bucket gets one for every width of the span. In
 * those that are made up a count is 0, and the other values are, as chosen:
 * nothing; those of the bucket before; or on the line between the buckets on
 * either side. Where there is no such neighbour they are nothing. Constant memory.
 */
#ifndef TSDB_QUERY_FILL_H
#define TSDB_QUERY_FILL_H

#include "row.h"
#include "tally.h"

enum fill_mode { FILL_NONE, FILL_NULL, FILL_PREVIOUS, FILL_LINEAR };

enum { FILL_BUCKETS_MAX = 1000000 }; /* of a series */

/* As --fill takes them; ended by NULL. */
extern const char *const fill_modes[];

struct fill {
	struct stage stage; /* takes buckets */
	struct stage *next;
	struct tally *tally;
	enum fill_mode mode; /* not FILL_NONE */
	const struct aggregates *aggregates;
	int64_t first, end, width; /* starts of buckets: [first, end), microseconds */

	/* Private. */
	struct row last; /* of the series at hand; without a sensor: none yet */
};

void fill_init(struct fill *f);

#endif
