/*
 * sparkplug_session: what a run of the decoder does for Sparkplug around the decoding: it restores
 * and keeps births (--state), passes on requests for them (--requests), and counts.
 *
 * A zeroed session that is not opened does nothing.
 */
#ifndef SENSOR_DECODE_SPARKPLUG_SESSION_H
#define SENSOR_DECODE_SPARKPLUG_SESSION_H

#include "decode.h"
#include "observe/metrics.h"
#include "record/record.h"
#include "sparkplug/decode_sparkplug.h"
#include "sparkplug/sparkplug_store.h"
#include "stream/out.h"

#include <stdbool.h>
#include <stdint.h>

/* A request is passed on only if the message that it is made for arrived so short a time ago: a
 * replay of old messages asks for nothing. Microseconds. */
#define SPARKPLUG_REQUEST_AGE INT64_C(60000000)

struct sparkplug_session {
	struct decoder *decoder;
	struct sparkplug *sparkplug; /* the decoder's */
	bool keeps, asks;            /* --state, --requests */
	struct sparkplug_store store;
	struct out requests;
	uint64_t requested;

	bool restored;
	uint64_t last_seq; /* of the record taken last */
	int64_t last_received;
	double nodes; /* for the metrics */
};

/* `state` is a directory, `requests` a file or a FIFO to append to; each may be NULL. */
void sparkplug_session_open(struct sparkplug_session *s, struct decoder *d, const char *state,
                            const char *requests);

/* The output that must be written before those of the decoder, or NULL. */
struct out *sparkplug_session_first(struct sparkplug_session *s);

/* Before the decoder takes a message, and after. */
void sparkplug_session_before(struct sparkplug_session *s, const struct message *m);
void sparkplug_session_after(struct sparkplug_session *s, const struct message *m);

void sparkplug_session_metrics(struct sparkplug_session *s, struct metrics *m);

/* One line, where there was any message of Sparkplug. */
void sparkplug_session_report(const struct sparkplug_session *s);

void sparkplug_session_close(struct sparkplug_session *s);

#endif
