/*
 * selection: which metrics are scored, by name: --metric, --exclude.
 */
#ifndef SENSOR_ANOMALY_SELECTION_H
#define SENSOR_ANOMALY_SELECTION_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

enum { SELECTION_MAX = 64 }; /* names of each kind */

struct selection {
	struct slice only[SELECTION_MAX], except[SELECTION_MAX];
	size_t only_count, except_count;
};

/* One of the names in `only`, or any if there are none, and none of those in `except`. */
bool selection_has(const struct selection *s, struct slice name);

#endif
