/*
 * decode_senml_json: readings from a SenML pack in JSON (RFC 8428 section 5).
 *
 * A SensML message is a pack whose array may lack its end, as that of a stream
 * does; it starts with the array's start, so base fields never reach from one
 * message into another.
 */
#ifndef SENSOR_DECODE_DECODE_SENML_JSON_H
#define SENSOR_DECODE_DECODE_SENML_JSON_H

#include "payload.h"

payload_decoder decode_senml_json;

#endif
