/*
 * options: what the command line asks sensor-sim for.
 */
#ifndef SENSOR_SIM_OPTIONS_H
#define SENSOR_SIM_OPTIONS_H

#include "fleet.h"

#include <stddef.h>
#include <stdint.h>

enum { OPTIONS_FAULTS_MAX = 64 }; /* entries of the list of faults */

struct options {
	struct fleet_plan plan;
	uint64_t count;                           /* messages; 0: endless */
	double rate;                              /* messages a second; 0: no limit */
	double errors;                            /* share of the messages, 0 to 1 */
	unsigned char faults[OPTIONS_FAULTS_MAX]; /* kinds of errors; see fault.h */
	size_t fault_count;                       /* at least 1 */
	size_t payload_bytes;                     /* to pad payloads to; 0: not */
};

/* Fills in the options. What only prints (--help) ends the process; so does bad usage, with
 * EX_USAGE. */
void options_parse(struct options *o, int argc, char **argv);

#endif
