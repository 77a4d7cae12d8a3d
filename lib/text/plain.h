/*
 * plain: runs over text in which nothing needs a closer look, eight or more bytes at a time.
 *
 * Bytes that do: controls (below 0x20), backslashes, what is not ASCII (0x80
 * and above), and one more of the caller's choice. The tests of a whole word
 * are those of Sean Anderson's "Bit Twiddling Hacks" (a zero byte, a byte less
 * than n).
 */
#ifndef SENSORPIPE_PLAIN_H
#define SENSORPIPE_PLAIN_H

#include <stdbool.h>
#include <stddef.h>
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

/* The first byte from p on that is the one or the other, or the end. */
static inline const char *plain_find(const char *p, const char *end, unsigned char one,
                                     unsigned char other)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	uint64_t word, a, b, found;

	for (; end - p >= 8; p += 8) {
		memcpy(&word, p, 8);
		a = word ^ ones * one;
		b = word ^ ones * other;
		found = (((a - ones) & ~a) | ((b - ones) & ~b)) & tops;
		if (found)
			return p + __builtin_ctzll(found) / 8;
	}
#endif
	while (p < end && (unsigned char)*p != one && (unsigned char)*p != other)
		p++;
	return p;
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

/* Whether none of the bytes is special, nor 0x7f. */
static inline bool plain_all(const char *p, size_t len)
{
	uint64_t word, special = 0;

	if (len < 8) {
		for (; len > 0; p++, len--)
			special |= (unsigned char)*p < 0x20 || (unsigned char)*p >= 0x7f ||
			           *p == '\\';
		return !special;
	}
	for (; len > 8; p += 8, len -= 8) {
		memcpy(&word, p, 8);
		special |= plain_special(word, 0x7f);
	}
	memcpy(&word, p + len - 8, 8); /* the last eight, some of them for a second time */
	return !(special | plain_special(word, 0x7f));
}

/* A vector of bytes, as gcc and clang have it for every machine. */
enum { PLAIN_BLOCK = 16 };
typedef unsigned char plain_block __attribute__((vector_size(PLAIN_BLOCK)));

/* Whether a block has a special byte or 0x7f. A TAB is none here: it separates fields. */
static inline bool plain_block_special(const char *p)
{
	plain_block b, special;
	uint64_t halves[2];

	memcpy(&b, p, sizeof(b));
	special = (plain_block)(((b < 0x20) & (b != '\t')) | (b >= 0x7f) | (b == '\\'));
	memcpy(halves, &special, sizeof(halves));
	return halves[0] | halves[1];
}

/* The first block from p on that has a special byte, or what is left when there is no whole one. */
static inline const char *plain_skip_fields(const char *p, const char *end)
{
	while (end - p >= PLAIN_BLOCK && !plain_block_special(p))
		p += PLAIN_BLOCK;
	return p;
}

#endif
