#include "detector.h"

#include "robust.h"

static const double also = 0.2; /* of the rarity of channels other than the rarest, over 1 */

/* So many values in memory are not held against a rarity. */
static const double memory_least = 1000;

static const double believable_most = 5;

/* The rarity from which on a novelty is named a spike, which it is, too. */
static const double spike_least = 2.5;

/* What added up over more values is a drift. */
static const double drift_count = 40;

const char *detector_kind_name(enum detector_kind kind)
{
	static const char *const names[KIND_COUNT] = {
	    [KIND_SPIKE] = "spike",
	    [KIND_NOVELTY] = "novelty",
	    [KIND_LEVEL_SHIFT] = "level_shift",
	    [KIND_DRIFT] = "drift",
	    [KIND_VARIANCE] = "variance",
	    [KIND_FLAT_LINE] = "flat_line",
	};

	return names[kind];
}

void detector_init(struct detector *d)
{
	*d = (struct detector){.memory = {.unit = 1}};
}

/* What the channels are asked about. */
struct statistics {
	double of[CHANNEL_COUNT];
	struct cusum_state shift;
};

static void measure(struct detector *d, const struct outlook *o, int64_t time, double value,
                    struct statistics *s)
{
	const struct forecast *f = &d->forecast;
	double error = (value - o->expected) / greater(f->error_scale, o->least);
	double deviation = (value - o->base) / greater(f->deviation_scale, o->least);

	s->shift = cusum_take(&d->cusum, time, deviation);
	s->of[CHANNEL_SPIKE] = error;
	s->of[CHANNEL_NOVELTY] = (value - f->centre) / greater(f->spread, o->least);
	s->of[CHANNEL_SHIFT] = s->shift.sum;
	s->of[CHANNEL_VARIANCE] = unrest_take(&d->unrest, time, error, d->count);
	s->of[CHANNEL_FLAT] = flat_take(&d->flat, time, value);
}

/* A spike is mostly new, too; what is new and no spike got there bit by bit. */
static enum detector_channel prefer_spike(const double rarities[CHANNEL_COUNT],
                                          enum detector_channel rarest)
{
	if (rarest == CHANNEL_NOVELTY && rarities[CHANNEL_SPIKE] >= spike_least)
		return CHANNEL_SPIKE;
	return rarest;
}

/* Of the value as a whole, and the channel that names it. */
static double rarity_of(struct detector *d, const struct statistics *s, enum detector_channel *why)
{
	bool learn = d->count > DETECTOR_SETTLING;
	double rarities[CHANNEL_COUNT], sum = 0, greatest;
	enum detector_channel rarest = CHANNEL_SPIKE;

	for (int i = 0; i < CHANNEL_COUNT; i++) {
		rarities[i] = channel_take(&d->channels[i], &d->memory, s->of[i], learn);
		sum += greater(rarities[i] - 1, 0);
		if (rarities[i] > rarities[rarest])
			rarest = (enum detector_channel)i;
	}
	if (learn)
		memory_age(&d->memory, d->channels, CHANNEL_COUNT);
	*why = prefer_spike(rarities, rarest);
	greatest = rarities[rarest];
	sum -= greater(greatest - 1, 0);
	greatest -= log10(greater(d->memory.total / d->memory.unit / memory_least, 1));
	return greater(greatest + also * sum, 0);
}

/* What is rarer than anybody could have seen grows by its logarithm only. */
static double believable(double rarity)
{
	return rarity > believable_most ? believable_most + log1p(rarity - believable_most)
	                                : rarity;
}

static void name(struct verdict *v, const struct detector *d, const struct statistics *s,
                 const struct outlook *o, enum detector_channel why)
{
	static const enum detector_kind kinds[CHANNEL_COUNT] = {
	    [CHANNEL_SPIKE] = KIND_SPIKE,       [CHANNEL_NOVELTY] = KIND_NOVELTY,
	    [CHANNEL_SHIFT] = KIND_LEVEL_SHIFT, [CHANNEL_VARIANCE] = KIND_VARIANCE,
	    [CHANNEL_FLAT] = KIND_FLAT_LINE,
	};

	v->kind = kinds[why];
	v->expected = o->expected;
	v->onset = d->time;
	if (why == CHANNEL_SHIFT) {
		if (s->shift.count > drift_count)
			v->kind = KIND_DRIFT;
		v->expected = o->base;
		v->onset = s->shift.since;
	} else if (why == CHANNEL_VARIANCE) {
		v->onset = d->unrest.since;
	} else if (why == CHANNEL_FLAT) {
		v->onset = d->flat.since;
	}
}

void detector_take(struct detector *d, int64_t time, double value, struct verdict *v)
{
	enum detector_channel why;
	struct statistics s;
	struct outlook o;
	double rarity;

	value = robust_clip(value, DETECTOR_VALUE_MAX);
	if (d->count == 0) {
		forecast_begin(&d->forecast, value);
		d->unrest.since = d->flat.since = time;
		d->flat.last = value;
	}
	d->time = time;
	d->count += 1;
	forecast_make(&d->forecast, time, &o);
	measure(d, &o, time, value, &s);
	rarity = rarity_of(d, &s, &why);
	name(v, d, &s, &o, why);
	forecast_learn(&d->forecast, &o, time, value, d->count);
	rarity = episode_take(&d->episode, believable(rarity));
	if (d->count <= DETECTOR_WARM_UP)
		rarity = 0;
	v->score = rarity / (rarity + DETECTOR_HALF);
}
