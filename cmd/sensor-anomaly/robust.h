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

/* As fmin(3) and fmax(3) of numbers, but inlined. */
static inline double lesser(double a, double b)
{
	return a < b ? a : b;
}

static inline double greater(double a, double b)
{
	return a > b ? a : b;
}

/* The weight of the newest of `count` values (itself included) in a mean over the last `span`. */
static inline double robust_gain(double count, double span)
{
	return 1 / lesser(count, span);
}

static inline double robust_clip(double value, double most)
{
	return lesser(greater(value, -most), most);
}

#endif
