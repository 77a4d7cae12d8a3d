/*
 * map_take_time: the time at the place that a rule names for it.
 */
#ifndef SENSOR_DECODE_MAP_TAKE_TIME_H
#define SENSOR_DECODE_MAP_TAKE_TIME_H

#include "map/mapper.h"

/* Sets *timed, and *us when there is a time. Returns 0, or -1 with the fault set. */
int map_take_time(struct mapper *m, const struct map_found *found, bool *timed, int64_t *us);

/* The fault that there is no value where one must be; `what` it would have been. Returns -1. */
int map_fail_missing(struct mapper *m, const char *what, struct slice pointer);

#endif
