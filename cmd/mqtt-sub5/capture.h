/*
 * capture: takes messages into a spool (durable/spool_writer.h), so that each may be acknowledged.
 *
 * capture_message() runs in the thread that receives: it appends the message
 * to the spool, and to a hand-over too where the records are wanted on standard
 * output as well, and returns when the message may be acknowledged. All other
 * functions are for the main thread.
 *
 * When the spool is full, capture_message() holds the message and waits. The
 * main thread makes room in capture_tick(), which calls spool_tick(), and then
 * lets the append be tried again. What is held for longer than `patience` makes
 * capture_tick() say CAPTURE_STUCK: the connection had better be ended, because
 * nothing keeps it alive meanwhile. Nothing is ever dropped.
 *
 * When the spool cannot be written, or synced, nothing more is taken and
 * capture_tick() says CAPTURE_FAILED: the process has to end.
 */
#ifndef MQTT_SUB5_CAPTURE_H
#define MQTT_SUB5_CAPTURE_H

#include "durable/spool_writer.h"
#include "handover.h"
#include "link/mqtt_session.h"
#include "observe/metrics.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* Microseconds that a message is held before the connection is ended; never more than a quarter of
 * the keep alive, since brokers drop a client that is silent for one and a half of it, and one
 * may be nearly over when the waiting begins. */
#define CAPTURE_PATIENCE INT64_C(5000000)

enum capture_state {
	CAPTURE_FLOWS,
	CAPTURE_STUCK,
	CAPTURE_FAILED,
};

/* The message under way. */
enum capture_hold {
	CAPTURE_NOT_HELD,
	CAPTURE_HELD,    /* the spool was full; it waits for the main thread */
	CAPTURE_RETRIED, /* it is being appended once more */
};

struct capture {
	const struct spool_options *options;
	struct spool_writer *writer;
	struct handover *tee; /* NULL: none */
	int64_t patience;     /* microseconds */
	int wake;             /* eventfd: readable when capture_tick() has something to see */

	/* Of the main thread. */
	bool told; /* that the spool is full */
	struct {
		double head, bytes, segments, full;
		double most_bytes, free_bytes; /* --max-spool, and of the disk */
		int64_t disk_due; /* when the disk is looked at again, clock_monotonic() */
		struct histogram sync_times;
	} observed;

	pthread_mutex_t mutex; /* for what follows */
	pthread_cond_t changed;
	struct handover_counts counts;
	uint64_t most;   /* messages; then it closes */
	bool closed;     /* nothing more is taken */
	bool appending;  /* a message is under way */
	int error;       /* errno of what failed; 0: nothing */
	int64_t held_at; /* clock_monotonic(), unless CAPTURE_NOT_HELD */
	enum capture_hold hold;
};

/*
 * Opens the spool; ends the process when it cannot be (see spool_writer_open()).
 * Takes `most` messages at most; UINT64_MAX: no bound. `keep_alive` in seconds,
 * 0: none. `options` and `tee` must outlive c.
 */
void capture_open(struct capture *c, const struct spool_options *options, unsigned keep_alive,
                  uint64_t most, struct handover *tee);

/* Registers what is to be known of the spool. */
void capture_add_metrics(struct capture *c, struct metrics *m);

/* The receiver: takes one message. MQTT_REFUSED: it is not in the spool. That holds for a session
 * that is not kept, too: of a shared subscription the broker may give it to another client. */
enum mqtt_verdict capture_message(struct capture *c, const struct message *m);

/* For poll(2), and when to call capture_tick() at the latest, by clock_monotonic(). */
int capture_fd(const struct capture *c);
int64_t capture_due(struct capture *c);

/* Looks after the spool, and says once that it is full, and once that it has room again. */
enum capture_state capture_tick(struct capture *c);

/* What was taken so far. */
struct handover_counts capture_counts(struct capture *c);

/* Nothing more is taken; a message that is held is not. */
void capture_close(struct capture *c);

/* The same, and waits for the message under way, if it is not held: what is counted is then final.
 */
void capture_settle(struct capture *c);

/* Syncs and closes the spool, after capture_settle(); the metrics must be closed, too. Says what
 * failed, if anything ever did; false then. */
bool capture_finish(struct capture *c);

#endif
