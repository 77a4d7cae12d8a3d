/*
 * device_time: the device's own time as it stands in a payload.
 */
#ifndef SENSOR_DECODE_DEVICE_TIME_H
#define SENSOR_DECODE_DEVICE_TIME_H

#include "base/slice.h"

#include <stdint.h>

/* How long one step of a time given as a number is; never guessed from its size. */
enum time_unit { TIME_S, TIME_MS, TIME_US, TIME_NS };

/* The units by their names, for opt_choice(). */
extern const char *const time_unit_names[];

/*
 * A JSON number since 1970-01-01T00:00:00Z, in decimal arithmetic: exact to the
 * microsecond, finer digits are cut off. Returns 0, or -1 when it is outside of
 * the years 0001 to 9999. `number` must follow JSON's grammar.
 */
int device_time_number(struct slice number, enum time_unit unit, int64_t *us);

#endif
