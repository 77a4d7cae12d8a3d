/*
 * pace: evenly spaced messages at a rate, without drift.
 *
 * What is due is counted from a fixed origin, so a late wake-up is made good by
 * the next. After a longer stall (a reader that was stopped) at most
 * PACE_CATCH_UP is made good: the rest of the lost time stays lost, as a burst
 * would be another load than the one asked for.
 */
#ifndef SENSOR_SIM_PACE_H
#define SENSOR_SIM_PACE_H

#include "base/clock.h"

#include <stdbool.h>
#include <stdint.h>

#define PACE_CATCH_UP CLOCK_SECOND

struct pace {
	double rate;    /* a second; 0: no limit */
	int64_t origin; /* clock_monotonic() at which the first is due */
	uint64_t sent;  /* since the origin */
	uint64_t due;   /* since the origin, when last looked */
};

void pace_init(struct pace *p, double rate, int64_t now);

/* True when one more is due, which is then counted as sent. `now` is asked for only when needed. */
bool pace_take(struct pace *p, int64_t (*now)(void));

/* clock_monotonic() value at which the next is due. */
int64_t pace_next(const struct pace *p);

#endif
