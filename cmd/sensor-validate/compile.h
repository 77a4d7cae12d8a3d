/*
 * compile: the text of a schema to its compiled form (schema.h).
 *
 * The keywords mean what JSON Schema 2020-12 (Core and Validation) says. What
 * could have no effect on a flat reading, what is not known and what has a
 * wrong value is a fault: sensorpipe-schemas(5) lists it all. Pure: no I/O.
 */
#ifndef SENSOR_VALIDATE_COMPILE_H
#define SENSOR_VALIDATE_COMPILE_H

#include "faults.h"
#include "schema.h"

/* NULL after adding all faults found to `faults`; else for schema_free(). */
struct schema *schema_compile(struct slice text, struct faults *faults);

#endif
