/*
 * options: what the user asked for.
 */
#ifndef TSDB_COPY_OPTIONS_H
#define TSDB_COPY_OPTIONS_H

#include "record/filter.h"
#include "writer.h"

#include <stddef.h>
#include <stdint.h>

struct options {
	struct filter_options common;
	struct writer_options writer;
	size_t jobs;            /* connections */
	size_t max_batch;       /* rows, of each connection */
	int64_t max_delay;      /* microseconds */
	const char *checkpoint; /* file, or NULL */
};

/* Reads the command line; ends the process when it is wrong, or asks for help or the version. */
void options_parse(struct options *o, int argc, char *argv[]);

#endif
