/*
 * cbor_verdict: keeps what is not CBOR apart from what is and cannot be taken (as json_verdict.h
 * does for JSON).
 */
#ifndef SENSOR_DECODE_CBOR_VERDICT_H
#define SENSOR_DECODE_CBOR_VERDICT_H

#include "payload.h"

/* The fault is set. Makes it bad-cbor where the payload is not one well-formed item. Returns -1.
 * The arena is reset. */
int cbor_verdict(struct payload *p);

#endif
