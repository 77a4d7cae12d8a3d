/*
 * decode_json: one reading from a JSON object.
 *
 * One pass over the payload by the strict parser of text/json.h. Members are
 * metrics, values are copied as they are written; the members of nested objects
 * are named by their path with dots ("battery.level"). Arrays are refused; a null is
 * no value and is left out. Of "ts", "time" and "timestamp" at the top one may
 * give the device's time: a string by RFC 3339, or a number in the unit that is
 * set.
 */
#ifndef SENSOR_DECODE_DECODE_JSON_H
#define SENSOR_DECODE_DECODE_JSON_H

#include "base/slice.h"
#include "device_time.h"
#include "fault.h"
#include "readings.h"

/* Objects in each other; deeper than the most, a path of names would not fit a metric's name. */
enum { DECODE_JSON_DEPTH_DEFAULT = 32, DECODE_JSON_DEPTH_MAX = 127 };

struct json_options {
	enum time_unit unit;
	unsigned max_depth; /* 1 to DECODE_JSON_DEPTH_MAX */
};

/* `scratch` is cleared and used. Returns 0, or -1 with the fault set. */
int decode_json(struct slice payload, const struct json_options *options, struct buf *scratch,
                struct readings *readings, struct fault *fault);

#endif
