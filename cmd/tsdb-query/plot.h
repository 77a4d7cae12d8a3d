/*
 * plot: a chart as text, with axes and a legend. No I/O.
 *
 * One line is drawn in Braille patterns; several are, too, where they have
 * colours (ANSI escape sequences), else each with a character of its own.
 */
#ifndef TSDB_QUERY_PLOT_H
#define TSDB_QUERY_PLOT_H

#include "base/buf.h"
#include "canvas.h"
#include "chart.h"

enum {
	PLOT_WIDTH_LEAST = 30, /* characters, of all */
	PLOT_WIDTH_MOST = CANVAS_WIDTH_MAX,
	PLOT_HEIGHT_LEAST = 5, /* lines, without the legend */
	PLOT_HEIGHT_MOST = CANVAS_HEIGHT_MAX,
};

struct plot_look {
	size_t width, height;
	bool colour;
};

void plot_append(struct buf *b, const struct chart *c, const struct plot_look *look);

#endif
