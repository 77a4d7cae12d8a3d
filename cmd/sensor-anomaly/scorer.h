/*
 * scorer: scores the metrics of readings, and says what becomes of each record.
 *
 * With the scores a reading goes on with METRIC.anomaly=SCORE behind each metric that was scored.
 * With the events alone a reading gives a reading of type `anomaly` for each metric over the
 * threshold, with `+` at its sequence number where more of the message follows; a message whose
 * last reading gives none is completed by a skip record, so that every message stays accounted for.
 * Other records of skips go on as they came.
 *
 * A metric is scored if it is selected, a number, and not of quality fail or missing; if its name
 * leaves room for what is added; and unless its reading has scores already, is of type `anomaly`,
 * or has no room for more metrics. It is not when its time is not after the newest of its series
 * (it is repeated, or late), or more than SCORER_AHEAD after its arrival (the device's clock is
 * ahead, and would make all that come after it late).
 */
#ifndef SENSOR_ANOMALY_SCORER_H
#define SENSOR_ANOMALY_SCORER_H

#include "detector_state.h"
#include "selection.h"
#include "tally.h"

#include "observe/metrics.h"
#include "record/input.h"
#include "record/record.h"
#include "record/reject.h"
#include "stream/out.h"

#include <stdbool.h>
#include <stdint.h>

#define SCORER_AHEAD (3600 * CLOCK_SECOND)

/* What was found of a metric of the reading. */
struct finding {
	bool scored, event;
	struct verdict verdict;
};

struct scorer {
	/* To be set by the caller. */
	bool events_only;
	const struct selection *selection;
	struct input in;
	struct reject reject;
	struct out out;
	struct series_table series; /* of detector_form */
	struct tally tally;

	/* Records so far: in.records = readings + skips + reject.count. */
	uint64_t readings, skips;
	uint64_t annotated; /* of the readings: passed on with scores */
	uint64_t quiet;     /* skip records for messages without an event at their end */

	/* Private. */
	struct reading reading;
	struct finding findings[RECORD_METRICS_MAX];
	struct buf scratch, name;
};

/* Deals with the record in s->in. */
void scorer_take(struct scorer *s);

void scorer_register(const struct scorer *s, struct metrics *m);

/* Frees what is private. */
void scorer_free(struct scorer *s);

#endif
