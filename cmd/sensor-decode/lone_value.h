/*
 * lone_value: a payload that is one value and has no name for it.
 */
#ifndef SENSOR_DECODE_LONE_VALUE_H
#define SENSOR_DECODE_LONE_VALUE_H

#include "payload.h"
#include "json/json_value.h"

/* The reading of that value, a number, string, true or false, named by payload.metric. Returns 0,
 * or -1 with the fault set. */
int lone_value_take(struct payload *p, const struct json_value *v);

#endif
