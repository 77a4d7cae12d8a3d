/*
 * histogram: counts of non-negative durations in microseconds, log-linear buckets.
 *
 * 32 buckets a power of two, so a percentile is at most 3.2% above the true
 * value (as in HdrHistogram); constant memory, O(1) to add. Values over
 * HISTOGRAM_MAX count as HISTOGRAM_MAX; negative ones as 0.
 */
#ifndef SENSORPIPE_HISTOGRAM_H
#define SENSORPIPE_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_MAX (INT64_C(1) << 58) /* microseconds, 9,000 years: old data may be replayed */
enum { HISTOGRAM_BUCKETS = 32 * 55 };

struct histogram {
	uint64_t count;
	int64_t max; /* exact */
	double sum;  /* microseconds */
	uint64_t buckets[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *h, int64_t us, uint64_t times);

/* The value below or at which `fraction` (0 to 1) of all counts lie; 0 when empty. Never over max.
 */
int64_t histogram_quantile(const struct histogram *h, double fraction);

/* How many counts lie at or below `us`, to the resolution of the buckets. */
uint64_t histogram_below(const struct histogram *h, int64_t us);

#endif
