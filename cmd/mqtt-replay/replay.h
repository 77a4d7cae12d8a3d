/*
 * replay: passes the wanted messages of a source on to standard output, at their pace.
 */
#ifndef MQTT_REPLAY_REPLAY_H
#define MQTT_REPLAY_REPLAY_H

#include "observe/metrics.h"
#include "options.h"
#include "progress.h"
#include "record/reject.h"
#include "source.h"
#include "stream/out.h"
#include "stream/pace.h"

#include <stdint.h>

struct replay {
	const struct options *options;
	struct source *source;
	struct reject reject;
	struct out out;
	struct pace pace;
	struct progress progress;
	struct metrics *metrics;

	/* source->records is the sum of these and source->rejected. */
	uint64_t replayed, filtered;
	double last_seq, last_received; /* of the message replayed last; seconds */
};

/* `options` must outlive the replay. */
void replay_open(struct replay *r, const struct options *options);

/* To the end of the source, or until asked to stop. */
void replay_run(struct replay *r);

/* Writes out what there is, and the summary; the status to exit with. */
int replay_finish(struct replay *r);

#endif
