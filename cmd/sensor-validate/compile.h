/*
 * compile: the text of a schema to its compiled form (schema.h).
 *
 * The keywords mean what JSON Schema 2020-12 (Core and Validation) says. What
 * is not known and what has a wrong value is a fault, and in a schema of
 * readings also what could have no effect on a flat reading:
 * sensorpipe-schemas(5) lists it all. Pure: no I/O.
 */
#ifndef SENSOR_VALIDATE_COMPILE_H
#define SENSOR_VALIDATE_COMPILE_H

#include "faults.h"
#include "schema.h"

enum {
	SCHEMA_DEPTH_MAX = 16,     /* containers in each other */
	SCHEMA_MEMBERS_MAX = 1000, /* of one object or array */
};

/* What a schema is for. */
enum schema_use {
	SCHEMA_OF_READINGS,
	SCHEMA_OF_VALUES, /* any JSON value, nested as it may be */
};

/* NULL after adding all faults found to `faults`; else for schema_free(). */
struct schema *schema_compile(struct slice text, enum schema_use use, struct faults *faults);

#endif
