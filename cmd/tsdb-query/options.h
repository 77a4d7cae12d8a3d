/*
 * options: the command line of tsdb-query(1).
 */
#ifndef TSDB_QUERY_OPTIONS_H
#define TSDB_QUERY_OPTIONS_H

#include "aggregate.h"
#include "catalog.h"
#include "cover.h"
#include "days.h"
#include "fill.h"
#include "gnuplot.h"
#include "plot.h"
#include "statement.h"
#include "writer.h"

#include <stdbool.h>

/* The first argument that is no option; COMMAND_ROWS: there is none. */
enum command { COMMAND_ROWS, COMMAND_SIMILAR, COMMAND_DISCORDS };

enum plot_wish { PLOT_NONE, PLOT_TEXT, PLOT_FILE };

struct options {
	enum command command;
	const char *conninfo;
	struct catalog_wish names;
	struct span span;
	struct day_wish days; /* COMMAND_SIMILAR, COMMAND_DISCORDS */

	struct aggregates aggregates; /* none: the readings themselves */
	int64_t bucket;               /* microseconds; 0: one for all */
	enum source source;
	enum fill_mode fill;
	enum usability use;
	size_t points; /* of a series of readings; 0: all */

	enum writer_format format;
	enum plot_wish plot;
	struct plot_look look;  /* PLOT_TEXT */
	struct gnuplot gnuplot; /* PLOT_FILE */
	bool explain;
};

/* Fills in defaults, then what is given; ends the process with EX_USAGE where it makes no sense.
 * The texts stay those of argv. */
void options_read(struct options *o, int argc, char **argv);

#endif
