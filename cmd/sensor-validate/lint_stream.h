/*
 * lint_stream: of stream checks, what is sound but cannot be meant.
 */
#ifndef SENSOR_VALIDATE_LINT_STREAM_H
#define SENSOR_VALIDATE_LINT_STREAM_H

#include "faults.h"
#include "schema.h"

/* Warns of the stream checks of a metric. */
void lint_stream(const struct value_schema *v, struct faults *faults);

/* Warns of the keywords for the time of a reading. */
void lint_order(const struct schema *s, struct faults *faults);

#endif
