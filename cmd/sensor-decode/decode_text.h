/*
 * decode_text: one reading from a payload that is a single value in plain text.
 *
 * White space around it (blank, TAB, CR, LF) is left out. A number by the
 * grammar of JSON, true and false are what they are, any other text is a string,
 * also ON and 021. Only nan, inf and infinity, in any case and with any sign,
 * are none: devices write them for a number that they do not have.
 */
#ifndef SENSOR_DECODE_DECODE_TEXT_H
#define SENSOR_DECODE_DECODE_TEXT_H

#include "payload.h"
#include "json/json_value.h"

payload_decoder decode_text;

/* The value alone; a string is in `text` then, as JSON writes it, and may be one of the words that
 * decode_text() refuses. Returns 0, or -1 with the fault set. */
int decode_text_value(struct payload *p, struct buf *text, struct json_value *value);

/* nan, inf, infinity. */
bool decode_text_is_no_number(struct slice text);

#endif
