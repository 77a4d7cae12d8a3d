/*
 * window: the publications under way, each with the record it came from.
 *
 * The main thread begins them; the client library's threads settle them with
 * the broker's answer. The record is kept until then: to be sent again after a
 * lost connection, or to become a dead letter. The buffers are used again, so
 * nothing is allocated a record.
 */
#ifndef MQTT_PUB5_WINDOW_H
#define MQTT_PUB5_WINDOW_H

#include "base/buf.h"
#include "link/mqtt_session.h"
#include "record/record.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WINDOW_DEFAULT = 500, WINDOW_MAX = 65535 };

struct flight {
	struct mqtt_delivery delivery; /* first: the library gives it back */
	struct buf line;               /* the record, without its LF */
	uint64_t number;               /* of the line, from 1 */
	enum record_kind kind;
	bool acknowledged; /* QoS 1 or 2: the broker answers */
	int reason;        /* the broker's answer, when settled */
	struct flight *prev, *next;
};

/* Doubly linked, in the order of sending. */
struct flight_list {
	struct flight *first, *last;
};

struct window {
	pthread_mutex_t mutex;
	size_t size;
	size_t limit; /* of those the broker answers: its Receive Maximum */
	size_t under_way_count, unanswered;
	struct flight *flights;
	struct flight_list idle, under_way, settled;
	uint64_t published; /* settled without a refusal */
	bool waiting;       /* the main thread waits for room */
	bool keeps;         /* what was acknowledged is kept for window_settled() */
};

/* `keeps`: acknowledged flights, too, stay until window_done(), not only the refused. Ends the
 * process when there is no memory. */
void window_init(struct window *w, size_t size, bool keeps);

/* The broker takes at most `limit` unanswered publications. */
void window_limit(struct window *w, size_t limit);

/*
 * A flight for a record whose publication asks for an answer or not (QoS 0);
 * NULL when there is no room: window_settle() says when to try again. The line
 * is copied.
 */
struct flight *window_begin(struct window *w, struct slice line, bool acknowledged);

/* Gives back a flight that was not sent. */
void window_cancel(struct window *w, struct flight *f);

/* Settles a flight; from any thread. True when the main thread wants to know. */
bool window_settle(struct window *w, struct mqtt_delivery *delivery, int reason);

/* The flight that was settled first of those that were refused or are kept, or NULL; its `reason`
 * tells them apart. window_done() gives it back. */
struct flight *window_settled(struct window *w);
void window_done(struct window *w, struct flight *f);

/* Nothing is under way. If something is, the main thread is told when that changes. */
bool window_is_empty(struct window *w);

/*
 * All that is under way, in the order of sending, linked by `next`: for the
 * time between the loss of a connection and the first publication on the next,
 * when nothing is settled.
 */
struct flight *window_under_way(struct window *w);

uint64_t window_published(struct window *w);

void window_free(struct window *w);

#endif
