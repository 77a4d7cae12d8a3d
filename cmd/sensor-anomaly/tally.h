/*
 * tally: what became of the values, and scores as text.
 */
#ifndef SENSOR_ANOMALY_TALLY_H
#define SENSOR_ANOMALY_TALLY_H

#include "detector.h"

#include "base/buf.h"
#include "observe/metrics.h"

#include <stdint.h>

struct tally {
	double threshold; /* to be set: from which score on a value is an event */

	uint64_t values; /* numbers of metrics that are scored: the sum of the next three */
	uint64_t scored;
	uint64_t learning; /* the first of their series, which have the score 0 */
	uint64_t unscored; /* repeated, late or early: neither scored nor learned */

	uint64_t events; /* of the scored; by kind: */
	uint64_t kinds[KIND_COUNT];
};

/* The detector took a value. True when it is an event. */
bool tally_take(struct tally *t, const struct detector *d, const struct verdict *v);

void tally_register(const struct tally *t, struct metrics *m);

/* With six decimals, below 1. */
void score_append(struct buf *b, double score);

#endif
