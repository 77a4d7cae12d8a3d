/*
 * unrest: whether the series is livelier, or calmer, than it mostly is.
 *
 * A short mean of the logarithm of the size of errors against a long one, as Ahmad, Lavin, Purdy
 * and Agha compare a short window of errors with a long one ("Unsupervised real-time anomaly
 * detection for streaming data", 2017). The logarithm lets half and double be as far from normal.
 */
#ifndef SENSOR_ANOMALY_UNREST_H
#define SENSOR_ANOMALY_UNREST_H

#include <stdint.h>

struct unrest {
	double now, usual, deviation; /* means: short, long, of the absolute difference */
	int64_t since;                /* when the short one was last at the long one */
	double before;                /* the difference at the value before */
};

/* How far off: 0 as ever, 1 as far as is normal. `error` in units of its scale; `count`: values
 * with this one. */
double unrest_take(struct unrest *u, int64_t time, double error, double count);

#endif
