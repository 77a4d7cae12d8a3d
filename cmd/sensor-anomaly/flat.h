/*
 * flat: for how many values in a row a series has been the very same.
 */
#ifndef SENSOR_ANOMALY_FLAT_H
#define SENSOR_ANOMALY_FLAT_H

#include <stdint.h>

struct flat {
	double last, run; /* the value, and how often it was repeated */
	int64_t since;    /* when it came first */
};

/* The run with this value: 0 if it is another one than before. */
static inline double flat_take(struct flat *f, int64_t time, double value)
{
	if (value == f->last) {
		f->run += 1;
	} else {
		f->last = value;
		f->run = 0;
		f->since = time;
	}
	return f->run;
}

#endif
