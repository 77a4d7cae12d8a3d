/*
 * options: the command line of sensor-decode(1).
 */
#ifndef SENSOR_DECODE_OPTIONS_H
#define SENSOR_DECODE_OPTIONS_H

#include "decode.h"
#include "record/filter.h"

#include <stdbool.h>

struct options {
	struct filter_options common;
	struct decode_options decode;
	bool influx;                  /* the output is line protocol, not records */
	bool influx_integers;         /* numbers without point and exponent are integers there */
	const char *map;              /* file */
	const char *state, *requests; /* of Sparkplug */
	const char *descriptors;      /* file */
};

/* Fills in defaults, then what is given; ends the process with EX_USAGE where it makes no sense.
 * The texts stay those of argv. */
void options_parse(struct options *o, int argc, char **argv);

#endif
