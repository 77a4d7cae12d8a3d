/*
 * random: a small, fast, seedable generator; one for every sensor, so that its
 * values do not depend on how many others there are.
 *
 * SplitMix64: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom
 * number generators", OOPSLA 2014, in the form of S. Vigna's public domain
 * https://prng.di.unimi.it/splitmix64.c. The state is one word and any value
 * of it is sound. Not for secrets.
 */
#ifndef SENSOR_SIM_RANDOM_H
#define SENSOR_SIM_RANDOM_H

#include <stdint.h>

struct random {
	uint64_t state;
};

static inline uint64_t random_next(struct random *r)
{
	uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* A generator for one of many streams of the same seed. */
static inline struct random random_stream(uint64_t seed, uint64_t stream)
{
	struct random of_seed = {seed};
	struct random of_stream = {random_next(&of_seed) ^ stream};

	return (struct random){random_next(&of_stream)};
}

/* Uniform in [0, 1). */
static inline double random_unit(struct random *r)
{
	return (double)(random_next(r) >> 11) * 0x1p-53;
}

static inline double random_between(struct random *r, double low, double high)
{
	return low + (high - low) * random_unit(r);
}

/*
 * About normal, mean 0, variance 1, never beyond 3.5: the sum of four uniform
 * numbers of 16 bits (Irwin-Hall), good enough for noise and six times faster
 * than Box-Muller.
 */
static inline double random_noise(struct random *r)
{
	uint64_t x = random_next(r);
	uint64_t sum = (x & 0xffff) + (x >> 16 & 0xffff) + (x >> 32 & 0xffff) + (x >> 48);

	return ((double)sum - 2 * 65535.0) * (1.7320508075688772 / 65536);
}

#endif
