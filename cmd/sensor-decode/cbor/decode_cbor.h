/*
 * decode_cbor: one reading from a CBOR map (RFC 8949).
 *
 * The map is taken as an object of JSON is (json_members.h): keys are texts,
 * the members of maps in it are named by their path with dots, arrays are
 * refused or their values named by their position, of "ts", "time" and
 * "timestamp" one may be the device's time. Numbers are those of cbor_number.h;
 * bytes become base64url (section 6.1); null and undefined are no values. Of tags
 * are taken: 0 and 1 (times), 4 (decimal fractions), 21 (bytes as base64url) and
 * 55799 (that the payload is CBOR).
 */
#ifndef SENSOR_DECODE_DECODE_CBOR_H
#define SENSOR_DECODE_DECODE_CBOR_H

#include "payload.h"

payload_decoder decode_cbor;

#endif
