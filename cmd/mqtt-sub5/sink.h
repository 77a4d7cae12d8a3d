/*
 * sink: where messages go: to standard output (handover.h), to a spool (capture.h), or to both.
 *
 * The handler of sink_open() is for the thread that receives; all functions are
 * for the main thread.
 */
#ifndef MQTT_SUB5_SINK_H
#define MQTT_SUB5_SINK_H

#include "capture.h"
#include "handover.h"
#include "link/mqtt_session.h"
#include "observe/metrics.h"
#include "options.h"
#include "stream/out.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

struct sink {
	const struct options *options;
	struct handover handover; /* to standard output */
	struct out out;
	struct capture capture;        /* with a spool */
	struct handover_counts counts; /* as of the last sink_work() */
};

/* Opens the spool if there is one. `options` must outlive s. */
struct mqtt_handler sink_open(struct sink *s, const struct options *options);
void sink_add_metrics(struct sink *s, struct metrics *m);

/* Writes out all that waits and looks after the spool. */
enum capture_state sink_work(struct sink *s);

/* For poll(2): when there is something for sink_work(), by clock_monotonic() at the latest ... */
enum { SINK_FDS = 3 };
void sink_fds(const struct sink *s, struct pollfd fds[SINK_FDS]);
int64_t sink_due(struct sink *s);

/* ... and after it: ends the process with EX_IOERR when the reader of the output is gone. */
void sink_polled(const struct sink *s, const struct pollfd fds[SINK_FDS]);

/* Takes no more messages. */
void sink_close(struct sink *s);

/* The same, and the counts are final. Then the metrics are to be closed, and then the spool; false
 * when that fails or has failed before. */
void sink_settle(struct sink *s);
bool sink_finish(struct sink *s);

#endif
