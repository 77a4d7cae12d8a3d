/*
 * detector: how anomalous each value of one series is, after those before it.
 *
 * A value is compared with its forecast (forecast.h), which gives five statistics, each a channel
 * (channel.h) that tells how rare its values are in this series:
 *
 *   spike        the error of the expected value
 *   novelty      the distance from all that was seen for long
 *   shift        deviations from the base that add up (cusum.h)
 *   variance     errors larger or smaller than they mostly are (unrest.h)
 *   flat line    the same value again and again (flat.h)
 *
 * The rarity of a value is that of its rarest channel and a part of those of the others: several
 * signs at once say more than one. From it is taken what the length of the memory accounts for:
 * among ten times as many values, one ten times rarer is to be expected. An episode (episode.h) is
 * told once. The score is rarity / (rarity + DETECTOR_HALF): it grows with the rarity, is
 * comparable between series, and never 1.
 *
 * Pure: no clock, no chance, no look at what follows; constant time and memory a value. The same
 * values with the same times get the same scores, whether the state was saved in between or not.
 */
#ifndef SENSOR_ANOMALY_DETECTOR_H
#define SENSOR_ANOMALY_DETECTOR_H

#include "channel.h"
#include "cusum.h"
#include "episode.h"
#include "flat.h"
#include "forecast.h"
#include "unrest.h"

#include <stdint.h>

enum {
	DETECTOR_WARM_UP = 200, /* values of a series that have the score 0 */
	DETECTOR_SETTLING = 30, /* of them, that are not learned as normal yet */
};

/* The rarity, as a power of ten, with a score of a half. */
#define DETECTOR_HALF 4.0

/* A value of a larger magnitude is taken as one of this. */
#define DETECTOR_VALUE_MAX 1e100

enum detector_kind {
	KIND_SPIKE,
	KIND_NOVELTY,
	KIND_LEVEL_SHIFT,
	KIND_DRIFT,
	KIND_VARIANCE,
	KIND_FLAT_LINE,
	KIND_COUNT,
};

enum detector_channel {
	CHANNEL_SPIKE,
	CHANNEL_NOVELTY,
	CHANNEL_SHIFT,
	CHANNEL_VARIANCE,
	CHANNEL_FLAT,
	CHANNEL_COUNT,
};

/* All zero but for `memory` at first: detector_init(). */
struct detector {
	int64_t time; /* of the newest value */
	double count; /* values so far */
	struct memory memory;
	struct forecast forecast;
	struct cusum cusum;
	struct unrest unrest;
	struct flat flat;
	struct episode episode;
	struct channel channels[CHANNEL_COUNT];
};

struct verdict {
	double score; /* 0 to below 1 */
	enum detector_kind kind;
	double expected; /* what the value should have been */
	int64_t onset;   /* when it began, as far as that can be told */
};

void detector_init(struct detector *d);

/* The next value, which must be finite. Times may come in any order and twice; only profiles go by
 * them. */
void detector_take(struct detector *d, int64_t time, double value, struct verdict *v);

/* "level_shift" */
const char *detector_kind_name(enum detector_kind kind);

#endif
