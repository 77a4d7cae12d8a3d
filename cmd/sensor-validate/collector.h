/*
 * collector: reads reading records into an inference; what is none becomes a dead letter.
 */
#ifndef SENSOR_VALIDATE_COLLECTOR_H
#define SENSOR_VALIDATE_COLLECTOR_H

#include "inference.h"

#include "observe/metrics.h"
#include "record/input.h"
#include "record/reject.h"

struct collector {
	struct inference inference;
	struct input in;
	struct reject reject;

	/* Records so far: in.records = used + inference.over_limits + skips + reject.count. */
	uint64_t used, skips;

	/* Private. */
	struct reading reading;
	struct buf scratch;
};

/* `reject` is the file of dead letters, or NULL. */
void collector_open(struct collector *c, size_t max_line, const char *reject);

/* To the end of the input. */
void collector_run(struct collector *c, struct metrics *m);

void collector_register(const struct collector *c, struct metrics *m);
void collector_report(const struct collector *c);
void collector_close(struct collector *c);

#endif
