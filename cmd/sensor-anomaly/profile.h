/*
 * profile: what a series is at a time of the day, or of the week (UTC).
 *
 * The cycle is cut into bins. Each has a mean of its visits in which older ones count ever less, so
 * the profile follows when habits change; the visit under way is not in it, so it moves no
 * prediction of its own day. Between the middles of bins it is interpolated.
 */
#ifndef SENSOR_ANOMALY_PROFILE_H
#define SENSOR_ANOMALY_PROFILE_H

#include "base/clock.h"

#include <stdint.h>

enum {
	PROFILE_DAY_BINS = 48,   /* half hours */
	PROFILE_WEEK_BINS = 168, /* hours */
};

/* The visit of a bin that is under way. */
struct profile_visit {
	uint32_t bin; /* from 1; 0: none yet */
	uint32_t count;
	double sum;
};

/* All zero at first. */
struct day_profile {
	struct profile_visit visit;
	double means[PROFILE_DAY_BINS];
	uint8_t visits[PROFILE_DAY_BINS]; /* up to 255; 0: no mean yet */
};
struct week_profile {
	struct profile_visit visit;
	double means[PROFILE_WEEK_BINS];
	uint8_t visits[PROFILE_WEEK_BINS];
};

/* Either of them. */
struct profile {
	int64_t cycle; /* microseconds */
	int bins;
	struct profile_visit *visit;
	double *means;
	uint8_t *visits;
};

static inline struct profile profile_of_day(struct day_profile *d)
{
	return (struct profile){86400 * CLOCK_SECOND, PROFILE_DAY_BINS, &d->visit, d->means,
	                        d->visits};
}

static inline struct profile profile_of_week(struct week_profile *w)
{
	return (struct profile){7 * 86400 * CLOCK_SECOND, PROFILE_WEEK_BINS, &w->visit, w->means,
	                        w->visits};
}

/* `otherwise` where it was never seen. */
double profile_at(const struct profile *p, int64_t time, double otherwise);

void profile_learn(const struct profile *p, int64_t time, double value);

#endif
