/*
 * gnuplot: a chart as a PNG or SVG file, drawn by gnuplot(1).
 *
 * The program gets its commands and data through a pipe, without a shell; all
 * names are in single quotes, in which gnuplot expands nothing.
 */
#ifndef TSDB_QUERY_GNUPLOT_H
#define TSDB_QUERY_GNUPLOT_H

#include "base/buf.h"
#include "chart.h"

#include <stdbool.h>
#include <stddef.h>

enum { GNUPLOT_SIZE_LEAST = 100, GNUPLOT_SIZE_MOST = 10000 }; /* pixels */

struct gnuplot {
	const char *path;     /* of the file; replaced */
	size_t width, height; /* pixels */
};

/* Whether the name ends in .png or .svg, which tells what is drawn. */
bool gnuplot_takes(const char *path);

/* Draws the chart. Ends the process with EX_UNAVAILABLE where there is no gnuplot, with
 * EX_CANTCREAT when the file cannot be written. */
void gnuplot_draw(const struct gnuplot *g, const struct chart *chart);

/* Appends the commands and data alone. */
void gnuplot_append(struct buf *b, const struct gnuplot *g, const struct chart *chart);

/* What other pictures are made with: the command for the file's kind and size, a text in single
 * quotes, and running all commands. */
void gnuplot_append_terminal(struct buf *b, const struct gnuplot *g);
void gnuplot_append_quoted(struct buf *b, struct slice text);
void gnuplot_run(const struct gnuplot *g, struct slice commands);

#endif
