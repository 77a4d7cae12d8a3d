/*
 * cusum: small deviations to one side that add up: level shifts and drifts.
 *
 * The two-sided cumulative sum of Page, "Continuous inspection schemes", 1954. It leaks, as what is
 * watched is not of one level for ever, and its steps are clipped, so that a spike cannot fill it.
 */
#ifndef SENSOR_ANOMALY_CUSUM_H
#define SENSOR_ANOMALY_CUSUM_H

#include <stdint.h>

struct cusum {
	double up, down;              /* sums, 0 or more */
	double up_count, down_count;  /* values since they left 0 */
	int64_t up_since, down_since; /* when that was */
};

/* The larger sum, negative if it is that of values below. */
struct cusum_state {
	double sum;
	double count;
	int64_t since;
};

/* `deviation` in units of its scale. */
struct cusum_state cusum_take(struct cusum *c, int64_t time, double deviation);

#endif
