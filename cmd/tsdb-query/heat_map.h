/*
 * heat_map: the last stage of scores of days that are drawn: a line a series, a place a day.
 *
 * Rows come series by series, each in order of days, one or more a day, of
 * which the highest first value shows. Only series are kept that have one over
 * the factor: at most HEAT_MAP_LINES_MAX, others are counted.
 */
#ifndef TSDB_QUERY_HEAT_MAP_H
#define TSDB_QUERY_HEAT_MAP_H

#include "gnuplot.h"
#include "plot.h"
#include "row.h"
#include "statement.h"
#include "tally.h"

enum {
	HEAT_MAP_LINES_MAX = 400,
	HEAT_MAP_DAYS_MAX = 36525,
};

struct heat_map {
	struct stage stage;
	struct tally *tally;
	struct span span; /* days */
	double factor;    /* what is over it is odd */

	/* Private. */
	size_t days, count, left_out; /* days of a line; lines; series */
	struct heat_map_line {
		struct buf label;
		float *scores;           /* of each day; negative: none */
	} lines[HEAT_MAP_LINES_MAX + 1]; /* the last one is at hand */
	struct row last;
};

void heat_map_init(struct heat_map *m);
void heat_map_free(struct heat_map *m);

/* As text: a place is a day or, where there is no room, the worst of some. */
void heat_map_append(struct buf *b, const struct heat_map *m, const struct plot_look *look);

/* By gnuplot; see gnuplot.h. */
void heat_map_draw(const struct heat_map *m, const struct gnuplot *g);

#endif
