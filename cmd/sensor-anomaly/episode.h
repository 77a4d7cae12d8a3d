/*
 * episode: lets an anomaly that lasts be told once.
 *
 * A rare value opens an episode. What comes after it keeps only a part of its rarity, and little of
 * it, but for a value that is ten times rarer still, which opens another one. What such a value has
 * to pass fades, so that it is back to nothing after some hundred values, also in an anomaly that
 * never ends.
 */
#ifndef SENSOR_ANOMALY_EPISODE_H
#define SENSOR_ANOMALY_EPISODE_H

struct episode {
	double peak; /* the rarity that opened it, fading */
};

/* The rarity that is to be told of a value with this rarity. */
double episode_take(struct episode *e, double rarity);

#endif
