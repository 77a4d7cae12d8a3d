/*
 * options: what the command line of sensor-validate asks for.
 */
#ifndef SENSOR_VALIDATE_OPTIONS_H
#define SENSOR_VALIDATE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct options {
	const char *schemas; /* directory */
	bool check;          /* tell the faults of the schemas, and exit */
	bool allow_unknown, strict;
	const char *reject, *metrics; /* files, or NULL */
	size_t max_line;              /* bytes */
};

/* Ends the process on --help, --version and bad usage. */
void options_parse(struct options *o, int argc, char **argv);

#endif
