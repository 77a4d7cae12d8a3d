#include "remembered.h"

#include "base/clock.h"

#include <assert.h>
#include <endian.h>
#include <math.h>

static_assert(sizeof(struct history) + SERIES_OVERHEAD <= REMEMBERED_BYTES, "see REMEMBERED_BYTES");

enum { WORDS = 9 };

struct series *remembered_add(struct series_table *t, struct siphash name)
{
	struct series *s = series_add(t, name);

	remembered(s)->time = HISTORY_NEVER;
	return s;
}

static void encode(const void *data, uint64_t words[])
{
	const struct history *h = data;
	uint64_t crc;

	words[2] = htole64((uint64_t)h->time);
	words[3] = htole64((uint64_t)h->flat_since);
	words[4] = state_word(h->last);
	words[5] = state_word(h->before);
	words[6] = state_word(h->low);
	words[7] = state_word(h->high);
	words[8] = htole64(h->values | (uint64_t)h->failed << 8);
	crc = state_crc(words, WORDS);
	words[8] |= htole64(crc << 32);
}

static bool decode(uint64_t words[], void *data)
{
	uint64_t tail = le64toh(words[8]);
	struct history *h = data;

	words[8] = htole64(tail & 0xffff);
	*h = (struct history){
	    .time = (int64_t)le64toh(words[2]),
	    .flat_since = (int64_t)le64toh(words[3]),
	    .last = state_double(words[4]),
	    .before = state_double(words[5]),
	    .low = state_double(words[6]),
	    .high = state_double(words[7]),
	    .values = (uint8_t)tail,
	    .failed = (uint8_t)(tail >> 8),
	};
	return state_crc(words, WORDS) == tail >> 32 && (tail & 0xffff0000) == 0 &&
	       h->time >= CLOCK_MIN && h->time <= CLOCK_MAX && h->flat_since >= CLOCK_MIN &&
	       h->flat_since <= CLOCK_MAX && isfinite(h->last) && isfinite(h->before) &&
	       isfinite(h->low) && isfinite(h->high) && h->values <= 2 &&
	       h->failed < QARTOD_FAILS_MAX;
}

const struct state_form remembered_form = {
    .first_line = "sensor-validate state 1\n",
    .words = WORDS,
    .encode = encode,
    .decode = decode,
};
