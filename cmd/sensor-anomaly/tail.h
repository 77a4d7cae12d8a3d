/*
 * tail: how rare a size is among those seen: an upper tail probability, learned as it goes.
 *
 * Sizes, at least 0 and in units of their own scale, are counted in bins of equal width in
 * log2(1 + size), as survival counts: above[i] is the weight of what was in bin i or beyond. Where
 * enough was seen a probability is read off; beyond that the tail goes on as an exponential in the
 * logarithm (a Pareto tail) from the highest bin that still has enough, with the mean excess over
 * it (Hill, "A simple general approach to inference about the tail of a distribution", 1975), drawn
 * towards a prior while it rests on little. So a burst that came before is no surprise when it
 * comes again; one twice as large is, and the more so the lighter the tail was.
 *
 * Constant time and memory. What was seen decays as the caller lets the weights of new values grow,
 * and scales all of it back now and then (tail_scale).
 */
#ifndef SENSOR_ANOMALY_TAIL_H
#define SENSOR_ANOMALY_TAIL_H

enum {
	TAIL_BINS = 48,  /* up to a size of 2^12: what is beyond is in the last one */
	TAIL_OCTAVE = 4, /* bins an octave */
};

struct tail {
	float above[TAIL_BINS];
};

/* Where a size is, in bins: 0 to below TAIL_BINS. */
double tail_place(double size);

void tail_add(struct tail *t, double place, double weight);

/* log10(1 / P) of the probability P that a size is at this place or beyond; at least 0. `total` is
 * the weight of all values, also of those on another side, and `unit` that of a new one. */
double tail_rarity(const struct tail *t, double place, double total, double unit);

void tail_scale(struct tail *t, double factor);

#endif
