/*
 * plain: runs over text in which nothing needs a closer look, eight bytes at a time.
 *
 * Bytes that do: controls (below 0x20), backslashes, what is not ASCII (0x80
 * and above), and one more of the caller's choice. The tests of a whole word
 * are those of Sean Anderson's "Bit Twiddling Hacks" (a zero byte, a byte less
 * than n).
 */
#ifndef SENSORPIPE_PLAIN_H
#define SENSORPIPE_PLAIN_H

#include <stdint.h>
#include <string.h>

/* The top bit of each special byte of the word. Bytes above the lowest of them may be marked
 * wrongly (by a borrow), the lowest never is. */
static inline uint64_t plain_special(uint64_t word, unsigned char also)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	uint64_t backslash = word ^ ones * '\\', other = word ^ ones * also;

	return ((word - ones * 0x20) | (backslash - ones) | (other - ones) | word) & tops;
}

/* The first special byte from p on, or one of the last 7 before the end. */
static inline const char *plain_skip(const char *p, const char *end, unsigned char also)
{
	uint64_t word, special;

	for (; end - p >= 8; p += 8) {
		memcpy(&word, p, 8);
		special = plain_special(word, also);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		if (special)
			return p + __builtin_ctzll(special) / 8;
#else
		if (special)
			return p;
#endif
	}
	return p;
}

#endif
