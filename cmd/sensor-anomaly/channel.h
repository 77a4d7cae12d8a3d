/*
 * channel: one signed statistic of a series, and how rare its values are on either side.
 *
 * Rare values that follow each other are mostly one event, and count as little more than one
 * (declustering, as in the extreme value theory of series: Leadbetter, "On a basis for peaks over
 * threshold modeling", 1991): else an anomaly that lasts would soon be the rule, and the next one
 * go unseen.
 */
#ifndef SENSOR_ANOMALY_CHANNEL_H
#define SENSOR_ANOMALY_CHANNEL_H

#include "tail.h"

#include <stdbool.h>
#include <stdint.h>

struct channel {
	struct tail over, under; /* sizes of the positive and of the negative */
	uint32_t gap;            /* values that are left of a cluster; 0: there is none */
	uint32_t length;         /* values since the last one began */
};

/* What all channels of a series have in common. */
struct memory {
	double unit;  /* weight of a new value; 1 at first */
	double total; /* of all that were learned */
};

/* The rarity of the value (see tail.h) among those before it, and learns it if `learn`. */
double channel_take(struct channel *c, const struct memory *m, double value, bool learn);

/* A value was learned in each channel: weights grow, and are scaled back now and then. */
void memory_age(struct memory *m, struct channel channels[], int count);

#endif
