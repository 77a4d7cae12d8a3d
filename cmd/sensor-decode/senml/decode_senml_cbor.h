/*
 * decode_senml_cbor: readings from a SenML pack in CBOR (RFC 8428 section 6).
 *
 * A SensML message may be an array without a length, and lack its end.
 */
#ifndef SENSOR_DECODE_DECODE_SENML_CBOR_H
#define SENSOR_DECODE_DECODE_SENML_CBOR_H

#include "payload.h"

payload_decoder decode_senml_cbor;

#endif
