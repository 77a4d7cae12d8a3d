#include "profile.h"

#include "robust.h"

static const double least_gain = 0.15; /* the weight of the newest visit */

/* The part of the cycle that is over at a time, in bins: 0 to below p->bins. */
static double place_of(const struct profile *p, int64_t time)
{
	int64_t phase = time % p->cycle;

	if (phase < 0)
		phase += p->cycle;
	return (double)phase * p->bins / (double)p->cycle;
}

double profile_at(const struct profile *p, int64_t time, double otherwise)
{
	double place = place_of(p, time) - 0.5; /* from the middle of the first */
	int left = (int)floor(place), right = left + 1;
	double part = place - left;

	left = (left + p->bins) % p->bins;
	right %= p->bins;
	if (p->visits[left] == 0)
		left = right;
	if (p->visits[right] == 0)
		right = left;
	if (p->visits[right] == 0)
		return otherwise;
	return (1 - part) * p->means[left] + part * p->means[right];
}

static void end_visit(const struct profile *p)
{
	uint32_t bin = p->visit->bin - 1;
	double mean = p->visit->sum / p->visit->count;

	if (p->visits[bin] < UINT8_MAX)
		p->visits[bin]++;
	p->means[bin] += greater(1.0 / p->visits[bin], least_gain) * (mean - p->means[bin]);
}

void profile_learn(const struct profile *p, int64_t time, double value)
{
	uint32_t bin = (uint32_t)place_of(p, time) + 1;

	if (bin != p->visit->bin) {
		if (p->visit->bin > 0)
			end_visit(p);
		*p->visit = (struct profile_visit){.bin = bin};
	}
	p->visit->sum += value;
	p->visit->count++;
}
