/*
 * chart: the last stage of rows that are drawn: gathers them as lines.
 *
 * A series of readings is one line, a series of buckets one for each
 * aggregate. A value that is not there, or not finite, breaks the line.
 */
#ifndef TSDB_QUERY_CHART_H
#define TSDB_QUERY_CHART_H

#include "row.h"
#include "tally.h"

enum {
	CHART_LINES_MAX = 64,
	CHART_POINTS_MAX = 4000000, /* in all: 64 MB */
};

struct chart_point {
	int64_t time; /* microseconds */
	double value; /* NaN: a gap */
};

struct chart_line {
	struct buf label;
	struct chart_point *points;
	size_t count, room;
};

struct chart {
	struct stage stage;
	struct tally *tally;
	const struct aggregates *aggregates; /* NULL: rows are readings */

	/* To be read when all rows are there. */
	size_t count, points;
	struct chart_line lines[CHART_LINES_MAX];

	/* Private. */
	struct row last;
};

void chart_init(struct chart *c);
void chart_free(struct chart *c);

/* Who has no rows draws by these. A line is labelled by who begins it, and points go to the last.
 */
struct chart_line *chart_begin_line(struct chart *c);
void chart_add_point(struct chart *c, int64_t time, double value);

/* "type sensor metric" */
void chart_append_series(struct buf *b, const struct row *row);

/* What the points that are no gaps span; false: there are none. A span of no extent is widened. */
struct chart_bounds {
	int64_t from, to;
	double low, high;
};
bool chart_bounds(const struct chart *c, struct chart_bounds *b);

#endif
