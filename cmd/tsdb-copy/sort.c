#include "sort.h"

#include <string.h>

enum { DIGITS = 14, VALUES = 256 }; /* 8 bytes of time, then 6 of the series */

/* Digit 0 is the least significant. */
static inline unsigned digit_of(const struct sort_key *key, unsigned digit)
{
	uint64_t word = digit < 8 ? key->time : key->series;

	return (unsigned)(word >> 8 * (digit % 8) & 0xff);
}

/* Distributes by one digit whose values occur `counts` times. */
static void distribute(const struct sort_key *from, struct sort_key *to, size_t count,
                       unsigned digit, const uint32_t counts[VALUES])
{
	uint32_t at[VALUES], next = 0;

	for (unsigned v = 0; v < VALUES; v++) {
		at[v] = next;
		next += counts[v];
	}
	for (size_t i = 0; i < count; i++)
		to[at[digit_of(&from[i], digit)]++] = from[i];
}

void sort_keys(struct sort_key *keys, struct sort_key *scratch, size_t count)
{
	uint32_t counts[DIGITS][VALUES];
	struct sort_key *from = keys, *to = scratch;

	if (count < 2)
		return;
	memset(counts, 0, sizeof(counts));
	for (size_t i = 0; i < count; i++)
		for (unsigned d = 0; d < DIGITS; d++)
			counts[d][digit_of(&keys[i], d)]++;
	for (unsigned d = 0; d < DIGITS; d++) {
		struct sort_key *swap = from;

		if (counts[d][digit_of(&keys[0], d)] == count)
			continue; /* the same everywhere */
		distribute(from, to, count, d, counts[d]);
		from = to;
		to = swap;
	}
	if (from != keys)
		memcpy(keys, from, count * sizeof(*keys));
}
