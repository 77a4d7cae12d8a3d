/*
 * options: what the command line of sensor-validate asks for.
 */
#ifndef SENSOR_VALIDATE_OPTIONS_H
#define SENSOR_VALIDATE_OPTIONS_H

#include "record/filter.h"

#include <stdbool.h>
#include <stdint.h>

enum mode {
	MODE_READINGS, /* readings against the schemas of their types */
	MODE_JSON,     /* JSON values against one schema */
	MODE_LINT,     /* the schemas themselves */
	MODE_INFER,    /* schemas from readings */
};

struct options {
	struct filter_options common;
	enum mode mode;
	const char *schemas; /* directory */
	const char *schema;  /* file; MODE_JSON */
	const char *into;    /* directory; MODE_INFER; NULL: standard output */
	bool explain, allow_unknown;
	uint32_t max_series;
	const char *state; /* file, or NULL */
};

/* Ends the process on --help, --version and bad usage. */
void options_parse(struct options *o, int argc, char **argv);

#endif
