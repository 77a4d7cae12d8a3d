/*
 * fault: ways in which a message can be bad.
 *
 * Each kind alters a sound draft so that sensor-decode, or sensor-validate with
 * the schemas of this project, must refuse it, in either payload format.
 */
#ifndef SENSOR_SIM_FAULT_H
#define SENSOR_SIM_FAULT_H

#include "draft.h"
#include "random.h"

#include <stddef.h>

size_t fault_kinds(void);

/* A word for the kind, 0 to fault_kinds() - 1. */
const char *fault_name(size_t kind);

void fault_apply(size_t kind, struct draft *d);

#endif
