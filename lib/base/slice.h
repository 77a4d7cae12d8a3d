/*
 * slice: a view of bytes that somebody else owns.
 *
 * Not NUL-terminated; valid only as long as the memory it points into. A slice
 * of a record is valid until the next record is read. The empty slice may have
 * a null ptr.
 */
#ifndef SENSORPIPE_SLICE_H
#define SENSORPIPE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
	const char *ptr;
	size_t len;
};

/* A slice of a string literal. */
#define SLICE(literal) ((struct slice){(literal), sizeof(literal) - 1})

/* For printf: printf("%.*s", SLICE_ARG(s)). */
#define SLICE_ARG(s) (int)(s).len, (s).ptr

static inline struct slice slice_of(const char *string)
{
	return (struct slice){string, strlen(string)};
}

/* Names have mostly 8 to 16 bytes: the first and the last eight of them, which may overlap. */
static inline bool slice_equal(struct slice a, struct slice b)
{
	uint64_t first[2], last[2];

	if (a.len != b.len)
		return false;
	if (a.len < 8 || a.len > 16)
		return a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0;
	memcpy(&first[0], a.ptr, 8);
	memcpy(&first[1], b.ptr, 8);
	memcpy(&last[0], a.ptr + a.len - 8, 8);
	memcpy(&last[1], b.ptr + b.len - 8, 8);
	return first[0] == first[1] && last[0] == last[1];
}

static inline bool slice_is(struct slice a, const char *string)
{
	return slice_equal(a, slice_of(string));
}

static inline bool slice_starts_with(struct slice a, struct slice prefix)
{
	return a.len >= prefix.len &&
	       (prefix.len == 0 || memcmp(a.ptr, prefix.ptr, prefix.len) == 0);
}

/*
 * For hash tables: eight bytes at a time xor, multiply, fold (the multiplier is 2^64 divided by the
 * golden ratio). Who chooses the bytes can make them collide: a table of what comes from outside
 * bounds what that costs.
 */
static inline uint64_t slice_hash(struct slice s)
{
	const uint64_t multiplier = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t hash = s.len, word = 0;
	const char *p = s.ptr;
	size_t left = s.len;

	for (; left >= 8; p += 8, left -= 8) {
		memcpy(&word, p, 8);
		hash = (hash ^ word) * multiplier;
		hash ^= hash >> 32;
	}
	if (left > 0 && s.len >= 8) {
		memcpy(&word, p + left - 8, 8); /* again some bytes of the word before */
	} else {
		word = 0;
		for (; left > 0; left--)
			word = word << 8 | (unsigned char)*p++;
	}
	hash = (hash ^ word) * multiplier;
	hash = (hash ^ hash >> 32) * multiplier; /* brings the last bytes to all bits */
	return hash ^ hash >> 32;
}

#endif
