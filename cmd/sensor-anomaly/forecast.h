/*
 * forecast: what the next value of a series should be, and how far values are off as a rule.
 *
 * The base is where the series belongs: its level, a slow mean, or what it was at this time of the
 * day or of the week, as far as that was lately the better guess. The expected value is the base
 * and a step from it: none, that of the last value, or that of the last few (simple exponential
 * smoothing: Brown 1956, Holt 1957), again as each did lately. So a series with seasons, one that
 * wanders, and plain noise all get a fitting forecast, and nobody has to say which it is.
 *
 * Spans are in values, not in time: what is slow for a sensor that sends once a second is so for
 * one that sends by the hour. Only the profiles go by the clock, as habits do.
 */
#ifndef SENSOR_ANOMALY_FORECAST_H
#define SENSOR_ANOMALY_FORECAST_H

#include "blend.h"
#include "profile.h"

#include <stdint.h>

struct forecast {
	double level;          /* a mean over some hundred values */
	double centre, spread; /* over some thousand: mean, mean absolute deviation */
	double value;          /* the newest */
	double grain;          /* the least step from one to the next so far; 0: none */
	double last, fast;     /* deviations from the base: the last, a mean of some */
	/* Robust means of absolute errors: of the expected value, of the base. */
	double error_scale, deviation_scale;
	struct blend bases, steps;
	struct day_profile day;
	struct week_profile week;
};

/* A value against its forecast. */
struct outlook {
	double base, expected;
	double least; /* the least scale that counts: of what is nearly constant, or in few steps */
	double guesses[BLEND_COUNT], step_guesses[BLEND_COUNT]; /* of base and step */
};

/* The first value of a series. */
void forecast_begin(struct forecast *f, double value);

void forecast_make(struct forecast *f, int64_t time, struct outlook *o);

/* `count`: values with this one. */
void forecast_learn(struct forecast *f, const struct outlook *o, int64_t time, double value,
                    double count);

#endif
