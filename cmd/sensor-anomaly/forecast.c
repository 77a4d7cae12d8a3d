#include "forecast.h"

#include "robust.h"

/* Spans of means, in values. */
static const double level_span = 500, centre_span = 3000, error_span = 200, deviation_span = 1000;
static const double fast_gain = 0.15;

/* Multiples of scales to which what is learned is clipped. */
static const double level_clip = 10, scale_clip = 5, step_clip = 3;

/* The first values are what scales are begun with: they are learned as they are. */
enum { UNCLIPPED = 10 };

/* Of the spread: smaller errors are no matter, as the series has seen so much more. */
static const double least_share = 0.05;

/* Of the smallest step: values that come in steps are no more exact. */
static const double grain_share = 0.25;

/* And of the centre, where the series is constant but for rounding. */
static const double least_part = 1e-9, least_ever = 1e-300;

void forecast_begin(struct forecast *f, double value)
{
	f->level = f->centre = f->value = value;
}

void forecast_make(struct forecast *f, int64_t time, struct outlook *o)
{
	struct profile day = profile_of_day(&f->day), week = profile_of_week(&f->week);
	double step;

	/* What a profile does not know yet the coarser one stands in for. */
	o->guesses[0] = f->level;
	o->guesses[1] = profile_at(&day, time, f->level);
	o->guesses[2] = profile_at(&week, time, o->guesses[1]);
	o->base = blend_predict(&f->bases, o->guesses);
	o->step_guesses[0] = 0;
	o->step_guesses[1] = f->last;
	o->step_guesses[2] = f->fast;
	step = blend_predict(&f->steps, o->step_guesses);
	o->expected = o->base + step;
	o->least = greater(least_share * f->spread, grain_share * f->grain);
	o->least = greater(o->least, least_part * fabs(f->centre) + least_ever);
}

/* A mean of absolute values. */
static void learn_scale(double *scale, double value, double least, double count, double span)
{
	double size = fabs(value);

	if (count > UNCLIPPED)
		size = lesser(size, scale_clip * greater(*scale, least));
	*scale += robust_gain(count, span) * (size - *scale);
}

static void learn_level(struct forecast *f, double value, double least, double count)
{
	double step = value - f->level;

	if (count > UNCLIPPED)
		step = robust_clip(step, level_clip * greater(f->spread, least));
	f->level += robust_gain(count, level_span) * step;
}

static void learn_grain(struct forecast *f, double value)
{
	double step = fabs(value - f->value);

	if (step > 0 && (f->grain <= 0 || step < f->grain))
		f->grain = step;
	f->value = value;
}

void forecast_learn(struct forecast *f, const struct outlook *o, int64_t time, double value,
                    double count)
{
	struct profile day = profile_of_day(&f->day), week = profile_of_week(&f->week);
	double deviation = value - o->base, gain = robust_gain(count, level_span);
	double from_centre = value - f->centre;

	blend_learn(&f->bases, o->guesses, value, gain);
	blend_learn(&f->steps, o->step_guesses, deviation, gain);
	/* Clipped, so that the value after a spike is not expected to be one. */
	f->last = robust_clip(deviation, step_clip * greater(f->deviation_scale, o->least));
	f->fast += fast_gain * (f->last - f->fast);
	learn_scale(&f->error_scale, value - o->expected, o->least, count, error_span);
	learn_scale(&f->deviation_scale, deviation, o->least, count, deviation_span);
	learn_level(f, value, o->least, count);
	f->spread += robust_gain(count, centre_span) * (fabs(from_centre) - f->spread);
	f->centre += robust_gain(count, centre_span) * from_centre;
	learn_grain(f, value);
	profile_learn(&day, time, value);
	profile_learn(&week, time, value);
}
