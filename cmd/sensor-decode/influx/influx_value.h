/*
 * influx_value: the value of a field of the line protocol as a JSON scalar.
 *
 * Numbers keep all their digits; only what JSON's grammar does not have is
 * written in its way: .5 as 0.5, 1. as 1, 007i as 7.
 */
#ifndef SENSOR_DECODE_INFLUX_VALUE_H
#define SENSOR_DECODE_INFLUX_VALUE_H

#include "base/buf.h"
#include "fault.h"
#include "influx/influx_line.h"

/* Appends it. The value is that of influx_line_field(), a string unescaped, and UTF-8; the key is
 * for the detail. Returns 0, or -1 with the fault set: beyond the range of its kind, or a NUL. */
int influx_value_append(const struct influx_value *value, struct slice key, struct buf *json,
                        struct fault *fault);

/* [-]digits as an int64_t. Returns 0, or -1 when it is beyond its range. */
int influx_integer(struct slice text, int64_t *integer);

#endif
