#include "base/siphash.h"

#include <endian.h>

struct state {
	uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotate(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static inline void sip_rounds(struct state *s, int count)
{
	while (count-- > 0) {
		s->v0 += s->v1;
		s->v2 += s->v3;
		s->v1 = rotate(s->v1, 13) ^ s->v0;
		s->v3 = rotate(s->v3, 16) ^ s->v2;
		s->v0 = rotate(s->v0, 32);
		s->v2 += s->v1;
		s->v0 += s->v3;
		s->v1 = rotate(s->v1, 17) ^ s->v2;
		s->v3 = rotate(s->v3, 21) ^ s->v0;
		s->v2 = rotate(s->v2, 32);
	}
}

static inline void compress(struct state *s, uint64_t word)
{
	s->v3 ^= word;
	sip_rounds(s, 2);
	s->v0 ^= word;
}

/* The bytes left after the last whole word, and the length in the highest byte. */
static uint64_t last_word(struct slice bytes)
{
	const unsigned char *p = (const unsigned char *)bytes.ptr + (bytes.len & ~(size_t)7);
	uint64_t word = (uint64_t)bytes.len << 56;

	for (unsigned i = 0; i < (bytes.len & 7); i++)
		word |= (uint64_t)p[i] << (8 * i);
	return word;
}

struct siphash siphash(struct siphash key, struct slice bytes)
{
	struct state s = {
	    key.low ^ UINT64_C(0x736f6d6570736575),
	    key.high ^ UINT64_C(0x646f72616e646f6d) ^ 0xee,
	    key.low ^ UINT64_C(0x6c7967656e657261),
	    key.high ^ UINT64_C(0x7465646279746573),
	};
	struct siphash hash;
	uint64_t word;

	for (size_t i = 0; i + 8 <= bytes.len; i += 8) {
		memcpy(&word, bytes.ptr + i, 8);
		compress(&s, le64toh(word));
	}
	compress(&s, last_word(bytes));
	s.v2 ^= 0xee;
	sip_rounds(&s, 4);
	hash.low = s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
	s.v1 ^= 0xdd;
	sip_rounds(&s, 4);
	hash.high = s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
	return hash;
}
