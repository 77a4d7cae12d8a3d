/*
 * options: what the command line of sensor-anomaly asks for.
 */
#ifndef SENSOR_ANOMALY_OPTIONS_H
#define SENSOR_ANOMALY_OPTIONS_H

#include "selection.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct options {
	bool csv, events, strict;
	double threshold;
	struct selection selection;
	const char *state;            /* file, or NULL */
	const char *reject, *metrics; /* files, or NULL */
	size_t max_line;              /* bytes */
	uint32_t max_series;
};

/* Ends the process on --help, --version and bad usage. */
void options_parse(struct options *o, int argc, char **argv);

#endif
