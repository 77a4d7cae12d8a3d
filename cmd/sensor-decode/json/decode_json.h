/*
 * decode_json: readings from JSON, by the shape of the payload.
 *
 *   {"a": 1, "b": {"c": 2}}            one reading of a and b.c (json_members.h)
 *   {"ts": MS, "values": {"a": 1}}     one reading of a, as ThingsBoard has it
 *   [OBJECT, ...]                      each of the two above
 *   1, "on", true                      one value, which the topic or an option names
 *
 * The second is an object of exactly these two members, in any order, of which
 * "values" is an object and "ts" is none and no array; its time is in
 * milliseconds always. In the others one of "ts", "time" and "timestamp" may
 * give the device's time: a string by RFC 3339, or a number in the unit that is
 * set.
 *
 * Of an array each object is a reading, with a time of its own. Where the first
 * of them has no time none may have one, and all are one reading.
 */
#ifndef SENSOR_DECODE_DECODE_JSON_H
#define SENSOR_DECODE_DECODE_JSON_H

#include "payload.h"

payload_decoder decode_json;

#endif
