/*
 * siphash: SipHash-2-4 with 128 bits of output.
 *
 * A keyed hash: who does not know the key can neither make two names collide
 * nor steer where they go in a table. Aumasson and Bernstein, "SipHash: a fast
 * short-input PRF", 2012, https://131002.net/siphash/; the test has the vectors
 * of its reference implementation.
 */
#ifndef SENSORPIPE_SIPHASH_H
#define SENSORPIPE_SIPHASH_H

#include "base/slice.h"

#include <stdint.h>

struct siphash {
	uint64_t low, high; /* a key, or a hash: its bytes 0 to 7 and 8 to 15, little-endian */
};

struct siphash siphash(struct siphash key, struct slice bytes);

#endif
