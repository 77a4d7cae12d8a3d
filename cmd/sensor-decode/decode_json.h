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

#include "payload.h"

payload_decoder decode_json;

#endif
