/*
 * lint: what in a sound schema cannot be meant: limits that nothing meets, keywords without effect.
 */
#ifndef SENSOR_VALIDATE_LINT_H
#define SENSOR_VALIDATE_LINT_H

#include "faults.h"
#include "schema.h"

/* Adds a warning for each; faults->file is set. */
void lint_schema(struct schema *s, struct faults *faults);

#endif
