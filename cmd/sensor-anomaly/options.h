/*
 * options: what the command line of sensor-anomaly asks for.
 */
#ifndef SENSOR_ANOMALY_OPTIONS_H
#define SENSOR_ANOMALY_OPTIONS_H

#include "record/filter.h"
#include "selection.h"

#include <stdbool.h>
#include <stdint.h>

struct options {
	struct filter_options common;
	bool csv, events;
	double threshold;
	struct selection selection;
	const char *state; /* file, or NULL */
	uint32_t max_series;
};

/* Ends the process on --help, --version and bad usage. */
void options_parse(struct options *o, int argc, char **argv);

#endif
