#include "channel.h"

#include <math.h>

/* A value so rare begins a cluster. It ends when so many in a row were not, or gets as long as
 * that: what goes on for ever is the rule. */
static const double cluster_rarity = 2;
enum { CLUSTER_GAP = 8, CLUSTER_MOST = 100 };
static const double cluster_weight = 0.1; /* of the rare values in it after the first */

/* So many values are remembered, the older ones ever less. */
static const double memory_values = 20000;

static double weigh(struct channel *c, double rarity)
{
	bool within = c->gap > 0 && c->length < CLUSTER_MOST;

	c->length++;
	if (rarity <= cluster_rarity) {
		c->gap -= c->gap > 0;
		return 1;
	}
	if (c->gap == 0)
		c->length = 0;
	c->gap = CLUSTER_GAP;
	return within ? cluster_weight : 1;
}

double channel_take(struct channel *c, const struct memory *m, double value, bool learn)
{
	struct tail *t = value < 0 ? &c->under : &c->over;
	double place = tail_place(fabs(value));
	double rarity = m->total > 0 ? tail_rarity(t, place, m->total, m->unit) : 0;

	if (learn)
		tail_add(t, place, m->unit * weigh(c, rarity));
	return rarity;
}

void memory_age(struct memory *m, struct channel channels[], int count)
{
	m->total += m->unit;
	m->unit *= 1 + 1 / memory_values;
	if (m->unit < 2)
		return;
	for (int i = 0; i < count; i++) {
		tail_scale(&channels[i].over, 1 / m->unit);
		tail_scale(&channels[i].under, 1 / m->unit);
	}
	m->total /= m->unit;
	m->unit = 1;
}
