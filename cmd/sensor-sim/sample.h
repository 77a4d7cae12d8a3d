/*
 * sample: what a sensor measured at one instant, before it is encoded.
 *
 * Numbers are decimals with a fixed number of places, as an instrument of
 * finite resolution gives them: 2137 with 2 decimals is 21.37. So they are
 * written without rounding noise and are the same in every payload format.
 */
#ifndef SENSOR_SIM_SAMPLE_H
#define SENSOR_SIM_SAMPLE_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	SAMPLE_METRICS_MAX = 12,
	SAMPLE_DECIMALS_MAX = 6,
};

enum sample_kind {
	SAMPLE_NUMBER,
	SAMPLE_FLAG,
	SAMPLE_TEXT,
	SAMPLE_INFINITE, /* no sensor means it; see fault.h */
};

/* `name` and `text` point to literals, so a NUL follows them. */
struct sample_metric {
	struct slice name;
	enum sample_kind kind;
	unsigned decimals; /* of a number; with 0 it is an integer */
	int64_t scaled;    /* the number times ten to the power of its decimals */
	bool flag;
	struct slice text;
};

struct sample {
	int64_t time; /* microseconds since the epoch, by the device's clock */
	size_t count;
	struct sample_metric metrics[SAMPLE_METRICS_MAX];
};

/* Each adds a metric; there must be room. A number is rounded to its decimals, and must have less
 * than 18 digits then. */
void sample_number(struct sample *s, struct slice name, double value, unsigned decimals);
void sample_flag(struct sample *s, struct slice name, bool value);
void sample_text(struct sample *s, struct slice name, struct slice value);

/* Ten to the power of 0 to SAMPLE_DECIMALS_MAX. */
double sample_scale(unsigned decimals);

#endif
