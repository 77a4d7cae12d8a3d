#include "tail.h"

#include "robust.h"

/* Counts are read off where so many new values, and so large a share of all, are beyond. */
static const double enough = 10, share = 0.001;

/* The mean excess, in bins, that is taken for granted, and for how many values that counts. */
static const double prior_excess = 2, prior_count = 4;

double tail_place(double size)
{
	const float last = TAIL_BINS - 0.01F;
	float place = TAIL_OCTAVE * log2f((float)lesser(1 + size, 1e6));

	return (double)(place < last ? place : last);
}

void tail_add(struct tail *t, double place, double weight)
{
	float w = (float)weight;
	int bin = (int)place;

	for (int i = 0; i < TAIL_BINS; i++) /* all of them: a fixed count makes a few vectors */
		t->above[i] += i <= bin ? w : 0;
}

/* Over the lower end of the bin; values are in the middle of theirs. */
static double mean_excess(const struct tail *t, int bin, double unit)
{
	float sum = 0.5F * t->above[bin];

	for (int i = bin + 1; i < TAIL_BINS; i++)
		sum += t->above[i];
	return ((double)sum + prior_excess * prior_count * unit) /
	       ((double)t->above[bin] + prior_count * unit);
}

double tail_rarity(const struct tail *t, double place, double total, double unit)
{
	float least = (float)greater(enough * unit, share * total);
	double beyond, excess = 0;
	int bin = (int)place;

	if (bin + 1 < TAIL_BINS && t->above[bin + 1] >= least) {
		beyond = (double)t->above[bin];
		beyond -= (place - bin) * (beyond - (double)t->above[bin + 1]);
	} else {
		while (bin > 0 && t->above[bin] < least)
			bin--;
		/* On this side there may be less than one value. */
		beyond = greater((double)t->above[bin], unit);
		excess = (place - bin) / mean_excess(t, bin, unit);
	}
	return greater(0, (double)log10f((float)(total / beyond)) + excess / M_LN10);
}

void tail_scale(struct tail *t, double factor)
{
	for (int i = 0; i < TAIL_BINS; i++)
		t->above[i] *= (float)factor;
}
