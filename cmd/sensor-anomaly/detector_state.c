#include "detector_state.h"

#include <assert.h>
#include <endian.h>
#include <math.h>
#include <string.h>

static_assert(sizeof(struct detector) + SERIES_OVERHEAD <= DETECTOR_BYTES, "see DETECTOR_BYTES");

enum {
	NAME_WORDS = 2,
	CUSUM_WORDS = 6,
	UNREST_WORDS = 5,
	FLAT_WORDS = 3,
	DAY_WORDS = 2 + PROFILE_DAY_BINS + PROFILE_DAY_BINS / 8,
	WEEK_WORDS = 2 + PROFILE_WEEK_BINS + PROFILE_WEEK_BINS / 8,
	FORECAST_WORDS = 9 + 2 * BLEND_COUNT + DAY_WORDS + WEEK_WORDS,
	CHANNEL_WORDS = 1 + TAIL_BINS,
	WORDS = NAME_WORDS + 4 + FORECAST_WORDS + CUSUM_WORDS + UNREST_WORDS + FLAT_WORDS + 1 +
	        CHANNEL_COUNT * CHANNEL_WORDS + 1,
};

static_assert(WORDS <= (int)STATE_WORDS_MAX, "a record must fit");

/* Beyond what sums of values come to, and far from where doubles end. */
static const double field_most = DETECTOR_VALUE_MAX * 1e20;

/* Goes over the words and the fields side by side, one way or the other. */
struct cursor {
	uint64_t *next;
	bool reading;
	bool sound; /* what was read so far may be */
};

/* ---- fields ---- */

static void any(struct cursor *c, double *field)
{
	if (!c->reading) {
		*c->next++ = state_word(*field);
		return;
	}
	*field = state_double(*c->next++);
	c->sound = c->sound && fabs(*field) <= field_most; /* and so no NaN */
}

/* 0 or more. */
static void amount(struct cursor *c, double *field)
{
	any(c, field);
	c->sound = c->sound && *field >= 0;
}

static void instant(struct cursor *c, int64_t *field)
{
	if (!c->reading) {
		*c->next++ = htole64((uint64_t)*field);
		return;
	}
	*field = (int64_t)le64toh(*c->next++);
	c->sound = c->sound && *field >= CLOCK_MIN && *field <= CLOCK_MAX;
}

static void pair(struct cursor *c, uint32_t *low, uint32_t *high)
{
	if (!c->reading) {
		*c->next++ = htole64(*low | (uint64_t)*high << 32);
		return;
	}
	*low = (uint32_t)le64toh(*c->next);
	*high = (uint32_t)(le64toh(*c->next++) >> 32);
}

/* Weights, two in a word. */
static void weights(struct cursor *c, float fields[], int count)
{
	for (int i = 0; i < count; i += 2) {
		uint32_t bits[2];

		memcpy(bits, &fields[i], sizeof(bits));
		pair(c, &bits[0], &bits[1]);
		memcpy(&fields[i], bits, sizeof(bits));
		c->sound = c->sound && isfinite(fields[i]) && isfinite(fields[i + 1]) &&
		           fields[i] >= 0 && fields[i + 1] >= 0;
	}
}

static void bytes(struct cursor *c, uint8_t fields[], int count)
{
	for (int i = 0; i < count; i += 8) {
		if (c->reading)
			memcpy(&fields[i], c->next++, 8);
		else
			memcpy(c->next++, &fields[i], 8);
	}
}

/* ---- parts ---- */

static void profile(struct cursor *c, const struct profile *p)
{
	pair(c, &p->visit->bin, &p->visit->count);
	any(c, &p->visit->sum);
	c->sound = c->sound && p->visit->bin <= (uint32_t)p->bins &&
	           (p->visit->bin == 0 || p->visit->count > 0);
	for (int i = 0; i < p->bins; i++)
		any(c, &p->means[i]);
	bytes(c, p->visits, p->bins);
}

static void forecast(struct cursor *c, struct forecast *f)
{
	struct profile day = profile_of_day(&f->day), week = profile_of_week(&f->week);

	any(c, &f->level);
	any(c, &f->centre);
	amount(c, &f->spread);
	any(c, &f->value);
	amount(c, &f->grain);
	any(c, &f->last);
	any(c, &f->fast);
	amount(c, &f->error_scale);
	amount(c, &f->deviation_scale);
	for (int i = 0; i < BLEND_COUNT; i++) {
		amount(c, &f->bases.error[i]);
		amount(c, &f->steps.error[i]);
	}
	profile(c, &day);
	profile(c, &week);
}

static void cusum(struct cursor *c, struct cusum *s)
{
	amount(c, &s->up);
	amount(c, &s->down);
	amount(c, &s->up_count);
	amount(c, &s->down_count);
	instant(c, &s->up_since);
	instant(c, &s->down_since);
}

static void unrest(struct cursor *c, struct unrest *u)
{
	any(c, &u->now);
	any(c, &u->usual);
	amount(c, &u->deviation);
	any(c, &u->before);
	instant(c, &u->since);
}

static void flat(struct cursor *c, struct flat *f)
{
	any(c, &f->last);
	amount(c, &f->run);
	instant(c, &f->since);
}

static void channel(struct cursor *c, struct channel *k)
{
	pair(c, &k->gap, &k->length);
	weights(c, k->over.above, TAIL_BINS);
	weights(c, k->under.above, TAIL_BINS);
}

static void detector(struct cursor *c, struct detector *d)
{
	instant(c, &d->time);
	amount(c, &d->count);
	amount(c, &d->memory.unit);
	amount(c, &d->memory.total);
	c->sound = c->sound && d->memory.unit >= 1 && d->memory.unit < 2;
	forecast(c, &d->forecast);
	cusum(c, &d->cusum);
	unrest(c, &d->unrest);
	flat(c, &d->flat);
	amount(c, &d->episode.peak);
	for (int i = 0; i < CHANNEL_COUNT; i++)
		channel(c, &d->channels[i]);
}

/* ---- the record ---- */

static void encode(const void *data, uint64_t words[])
{
	struct detector d = *(const struct detector *)data;
	struct cursor c = {.next = words + NAME_WORDS};

	detector(&c, &d);
	*c.next = htole64(state_crc(words, WORDS - 1));
}

static bool decode(uint64_t words[], void *data)
{
	struct cursor c = {.next = words + NAME_WORDS, .reading = true, .sound = true};

	detector(&c, data);
	return c.sound && *c.next == htole64(state_crc(words, WORDS - 1));
}

const struct state_form detector_form = {
    .first_line = "sensor-anomaly state 1\n",
    .words = WORDS,
    .encode = encode,
    .decode = decode,
};

const struct state_form detector_table_form = {
    .first_line = "sensor-anomaly table 1\n",
    .words = WORDS,
    .encode = encode,
    .decode = decode,
};

struct series *detector_add(struct series_table *t, struct siphash name)
{
	struct series *s = series_add(t, name);

	detector_init(detector_of(s));
	return s;
}
