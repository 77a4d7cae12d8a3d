#include "observe/histogram.h"

enum {
	SUB_BITS = 5, /* 32 buckets a power of two */
	SUB = 1 << SUB_BITS,
};

/*
 * Values below 32 have a bucket each; from there every power of two is cut
 * into 32 buckets of the same width.
 */
static unsigned bucket_of(int64_t us)
{
	uint64_t v = us < 0 ? 0 : us > HISTOGRAM_MAX ? (uint64_t)HISTOGRAM_MAX : (uint64_t)us;
	unsigned power;

	if (v < SUB)
		return (unsigned)v;
	power = 63 - (unsigned)__builtin_clzll(v);
	return SUB * (power - SUB_BITS) + (unsigned)(v >> (power - SUB_BITS));
}

/* The largest value that falls into a bucket. */
static int64_t bucket_top(unsigned bucket)
{
	unsigned shift = bucket < SUB ? 0 : bucket / SUB - 1;
	int64_t first = (int64_t)(bucket - SUB * shift) << shift;

	return first + (INT64_C(1) << shift) - 1;
}

void histogram_add(struct histogram *h, int64_t us, uint64_t times)
{
	if (times == 0)
		return;
	if (us < 0)
		us = 0;
	if (us > HISTOGRAM_MAX)
		us = HISTOGRAM_MAX;
	if (us > h->max)
		h->max = us;
	h->buckets[bucket_of(us)] += times;
	h->count += times;
	h->sum += (double)us * (double)times;
}

int64_t histogram_quantile(const struct histogram *h, double fraction)
{
	double wanted = fraction * (double)h->count;
	uint64_t rank = (uint64_t)wanted, seen = 0;

	if ((double)rank < wanted || rank == 0)
		rank++; /* rounded up: the first value is number 1 */
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		seen += h->buckets[i];
		if (seen >= rank)
			return bucket_top(i) < h->max ? bucket_top(i) : h->max;
	}
	return h->max;
}

uint64_t histogram_below(const struct histogram *h, int64_t us)
{
	unsigned last = bucket_of(us);
	uint64_t seen = 0;

	if (us < 0)
		return 0; /* negative durations were counted as 0 */
	for (unsigned i = 0; i <= last; i++)
		seen += h->buckets[i];
	return seen;
}
