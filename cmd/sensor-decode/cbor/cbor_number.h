/*
 * cbor_number: numbers of CBOR as JSON numbers.
 *
 * Integers of 64 bits and decimal fractions (tag 4) keep all their digits. A
 * float of any size becomes the shortest decimal that reads back as the same
 * double: CBOR has one space of floats, in which the small ones stand for exactly
 * what they widen to (RFC 8949 section 2).
 */
#ifndef SENSOR_DECODE_CBOR_NUMBER_H
#define SENSOR_DECODE_CBOR_NUMBER_H

#include "base/buf.h"
#include "cbor/cbor_items.h"
#include "fault.h"

enum { CBOR_TAG_DECIMAL = 4, CBOR_NUMBER_MAX = 64 /* bytes of a text */ };

/* Whether the item that was just given is a number, or may be one behind its tag. */
bool cbor_number_starts(const struct items *i, enum item item);

/* Appends that number. Returns 0, or -1 with the fault set. */
int cbor_number_append(struct items *i, enum item item, struct buf *text, struct fault *fault);

/* Sets the fault that tells of the parser's error; returns -1. */
int cbor_fault(const struct items *i, struct fault *fault);

#endif
