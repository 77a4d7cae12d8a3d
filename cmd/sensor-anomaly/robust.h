/*
 * robust: running means that an outlier moves by little.
 *
 * Exponentially weighted (Roberts, "Control chart tests based on geometric moving averages", 1959),
 * begun as a plain mean; what is learned is clipped to a multiple of a scale (Huber, "Robust
 * estimation of a location parameter", 1964), so one value moves a mean by a bounded step, while a
 * change that stays is followed.
 */
#ifndef SENSOR_ANOMALY_ROBUST_H
#define SENSOR_ANOMALY_ROBUST_H

#include <math.h>

/* The weight of the newest of `count` values (itself included) in a mean over the last `span`. */
static inline double robust_gain(double count, double span)
{
	return 1 / fmin(count, span);
}

static inline double robust_clip(double value, double most)
{
	return fmin(fmax(value, -most), most);
}

#endif
