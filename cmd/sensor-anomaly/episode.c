#include "episode.h"

#include "robust.h"

static const double step = 1;         /* log10 of 10 times rarer */
static const double part = 0.5;       /* of its rarity that a value within an episode keeps */
static const double most = 2;         /* of what it keeps: too little to be told */
static const double fade = 1.0 / 200; /* of the peak, with each value */

double episode_take(struct episode *e, double rarity)
{
	e->peak *= 1 - fade;
	if (rarity <= e->peak + step)
		return lesser(part * rarity, most);
	e->peak = rarity;
	return rarity;
}
