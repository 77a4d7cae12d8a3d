/*
 * publisher: publishes records and sees to it that each is settled.
 *
 * Every record given to publisher_send() ends as exactly one of published,
 * refused (a dead letter with the broker's reason), unpublishable (a dead
 * letter) or unacknowledged (a dead letter: it may have been published all the
 * same). With --acknowledged those of QoS 1 and 2 that are published go to
 * standard output.
 */
#ifndef MQTT_PUB5_PUBLISHER_H
#define MQTT_PUB5_PUBLISHER_H

#include "link/mqtt_session.h"
#include "options.h"
#include "record/input.h"
#include "record/reject.h"
#include "stream/pace.h"
#include "window.h"

#include <stdbool.h>
#include <stdint.h>

/* Microseconds after a request to stop that the broker's answers are waited for. */
#define PUBLISHER_STOP_WAIT INT64_C(5000000)

/* What a record is parsed into. */
struct parsing {
	struct buf scratch, topic;
	struct message message; /* slices of the line and the buffers */
};

struct publisher {
	const struct options *options;
	struct mqtt_session *session;
	struct window window;
	struct pace pace;
	struct reject reject;
	struct out acknowledged;   /* records, for --acknowledged */
	struct parsing now, again; /* the record that was read, and one that is sent again */
	uint64_t connections;      /* of the session, when all under way was last sent */
	int64_t give_up;           /* clock_monotonic(); INT64_MAX: not asked to stop */

	uint64_t published; /* as of the last look, for metrics and the summary */
	uint64_t refused, rejected, unacknowledged;
	uint64_t repeated; /* sent again after a loss */
	uint64_t refused_by[256];
};

/* Opens the outputs and the session; nothing is connected yet. A publisher lasts as long as the
 * process; see mqtt_session_new(). */
void publisher_open(struct publisher *p, const struct options *options);

/* Waits for the first connection, before any record is read. False when there will be none: the
 * session failed, or a stop was asked for. */
bool publisher_connect(struct publisher *p);

/*
 * Publishes the record in.line: waits until it is due, until there is a
 * connection, and until there is room. False when that will not be any more:
 * the session failed, or a stop was asked for too long ago; the record is then
 * a dead letter.
 */
bool publisher_send(struct publisher *p, struct input *in);

/* Makes the record in.line, which will not be published any more, a dead letter. */
void publisher_give_back(struct publisher *p, const struct input *in);

/*
 * Does what the session, the window and a lost connection ask for; to be
 * called when mqtt_session_fd() is readable or its deadline passed. False as
 * above.
 */
bool publisher_service(struct publisher *p);

/* Waits for what is under way, ends the session, makes the rest dead letters. Returns the exit
 * status. */
int publisher_finish(struct publisher *p);

#endif
