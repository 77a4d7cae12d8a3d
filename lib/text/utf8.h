/*
 * utf8: validity of UTF-8 (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF).
 */
#ifndef SENSORPIPE_UTF8_H
#define SENSORPIPE_UTF8_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Length of the well-formed sequence at s.ptr (1 to 4), or 0 when there is none. */
unsigned utf8_sequence(const char *ptr, const char *end);

bool utf8_valid(struct slice s);

/* Number of code points of valid UTF-8. */
size_t utf8_length(struct slice s);

/* Writes code point `c` (not a surrogate, at most U+10FFFF) as 1 to 4 bytes; returns how many. */
unsigned utf8_encode(uint32_t c, char out[4]);

#endif
