/*
 * json_verdict: keeps bad syntax apart from what is JSON and cannot be taken.
 *
 * A decoder of JSON ends at the first fault it meets, while what is behind it
 * may not be JSON at all. bad-json is to mean the grammar of RFC 8259 and
 * nothing else: who fails asks for the verdict on the whole text.
 */
#ifndef SENSOR_DECODE_JSON_VERDICT_H
#define SENSOR_DECODE_JSON_VERDICT_H

#include "payload.h"

/* The fault is set. Makes it bad-json where the text is none, and only there. Returns -1. */
int json_verdict(struct payload *p);

#endif
