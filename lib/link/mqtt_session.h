/*
 * mqtt_session: an MQTT 5 connection that is kept up, for one subscriber or one publisher.
 *
 * Over the client library, Eclipse Paho's MQTTAsync 1.3.12 (link/mqtt_client.h).
 * The caller's main thread drives it:
 *
 *   poll(2) mqtt_session_fd() until s->deadline; mqtt_session_step(); repeat
 *
 * mqtt_session_step() never blocks on the network. It connects, subscribes,
 * follows the loss of a connection with the next attempt (link/backoff.h), and
 * says on standard error what an operator should know. It gives MQTT_FAILED,
 * s->status then being the exit status, when trying again makes no sense:
 *
 *   EX_NOPERM       the broker does not take the credentials or a subscription
 *   EX_UNAVAILABLE  TLS refuses the broker (or it us); the broker refuses for
 *                   another reason that will not go away by itself; another
 *                   client took over the session; or, with --no-retry, the
 *                   first connection could not be made
 *
 * Threads: the callbacks of struct mqtt_handler run in the library's threads
 * and must not call into this module. All functions are for one thread.
 *
 * Subscriber. A QoS 1 or 2 message is acknowledged after message() returned
 * MQTT_TAKEN. While message() does not return, nothing is received, nor sent
 * to keep the connection alive; for when that takes long there is
 * mqtt_session_pause(). Reconnecting resumes the session, so the broker redelivers what
 * was not acknowledged; when the broker has no session any more, messages may
 * have been lost: that is said, counted (s->session_losses), and the
 * subscriptions are made anew.
 *
 * Publisher. Each connection is a new session of a new client handle: when a
 * write to a lost connection fails, Paho 1.3.12 frees a message that the
 * session's state still refers to, so a handle is not used any further after
 * that. What was not settled when s->connections changes was not acknowledged
 * and is the caller's to publish again.
 */
#ifndef SENSORPIPE_MQTT_SESSION_H
#define SENSORPIPE_MQTT_SESSION_H

#include "link/mqtt_options.h"
#include "record/record.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	MQTT_RECEIVE_MAXIMUM_DEFAULT = 1024,
	MQTT_FILTERS_MAX = 1000,
	MQTT_CONNECT_TIMEOUT = 30, /* seconds for TCP, TLS and CONNACK */
};
#define MQTT_EXPIRY_MAX  UINT32_C(0x7fffffff) /* seconds; Paho sends more as 255 (#1336) */
#define MQTT_ANSWER_WAIT INT64_C(30000000)    /* microseconds for a SUBACK or a message */
#define MQTT_CLOSE_WAIT  INT64_C(5000000)     /* microseconds for a clean end */
#define MQTT_QUIET       INT64_C(50000)       /* microseconds of silence before a clean end */
#define MQTT_QUIET_QOS2  INT64_C(250000)      /* the same, where there are answers to wait for */
#define MQTT_STEADY      INT64_C(10000000)    /* up that long, the backoff starts anew */
#define MQTT_LEAVE_QUIET INT64_C(1000000)     /* microseconds between two UNSUBSCRIBEs */
#define MQTT_PACKET_MAX  (UINT32_C(16) * 1024 * 1024) /* bytes; default of Maximum Packet Size */

enum mqtt_verdict {
	MQTT_TAKEN, /* taken: acknowledge it */
	MQTT_LAST,  /* taken, and the session is to be closed */
	/* Only after MQTT_LAST or mqtt_session_close(): not to be acknowledged if the session is
	 * kept. Of one that ends nothing is left anyway. */
	MQTT_NOT_TAKEN,
	MQTT_REFUSED, /* not to be acknowledged in any case, and the session is to be closed */
};

struct mqtt_session;
struct mqtt_client;

/* A publication under way; the caller's, unchanged until it is settled or the connection is lost.
 */
struct mqtt_delivery {
	struct mqtt_client *client; /* set by mqtt_session_publish() */
};

struct mqtt_handler {
	void *context;
	/* A message arrived; its slices are valid during the call. seq is 0, received is now. */
	enum mqtt_verdict (*message)(void *context, const struct message *m);
	/* The broker's answer to a publication, or for QoS 0: it was written to the connection.
	 * `reason`: see link/mqtt_reason.h. */
	void (*settled)(void *context, struct mqtt_delivery *delivery, int reason);
};

struct mqtt_config {
	const struct mqtt_options *options;
	struct mqtt_handler handler;

	/* Subscriber; filters stay the caller's. */
	char *const *filters; /* with $share/GROUP/ where shared */
	int filter_count;     /* 0: a publisher */
	int qos;
	bool keep;       /* the session outlives the process */
	uint32_t expiry; /* seconds the broker keeps the session without a connection */
	unsigned receive_maximum;
	uint32_t max_packet; /* bytes the broker may send at once; it discards what is larger */
};

enum mqtt_state {
	MQTT_WAITING, /* for the time of the next attempt */
	MQTT_CONNECTING,
	MQTT_SUBSCRIBING,
	MQTT_READY,
	MQTT_PAUSED,  /* by mqtt_session_pause(), until message() has returned */
	MQTT_LEAVING, /* by mqtt_session_leave(), connected */
	MQTT_CLOSING,
	MQTT_CLOSED, /* by mqtt_session_close(), mqtt_session_leave(), MQTT_LAST or MQTT_REFUSED */
	MQTT_FAILED,
};

/* What the broker said it takes; valid in MQTT_READY. */
struct mqtt_limits {
	unsigned receive_maximum; /* unacknowledged QoS 1 and 2 publications */
	size_t packet_size;       /* bytes; SIZE_MAX: no limit */
	unsigned qos;
	bool retain;
};

/* What the caller may read; the rest is private to mqtt_session.c. */
struct mqtt_session {
	enum mqtt_state state;
	int64_t deadline; /* clock_monotonic(): call mqtt_session_step() then at the latest */
	int status;       /* exit status, in MQTT_FAILED */
	struct mqtt_limits limits;
	uint64_t connections; /* made */
	uint64_t reconnects;  /* of them after a loss or a pause */
	uint64_t session_losses;
	bool left; /* by mqtt_session_leave(): the broker has nothing for this client */
};

/*
 * Ends the process when it cannot be made. Nothing is connected before the
 * first step. A session lasts as long as the process: the library's threads,
 * which know it, need a second to be stopped, so they end with the process.
 */
struct mqtt_session *mqtt_session_new(const struct mqtt_config *config);

/* Readable when there is something for mqtt_session_step(). */
int mqtt_session_fd(const struct mqtt_session *session);

enum mqtt_state mqtt_session_step(struct mqtt_session *session);

/* Makes mqtt_session_fd() readable; callable from the handler. */
void mqtt_session_wake(struct mqtt_session *session);

/*
 * Publishes in MQTT_READY. Returns NULL, or what makes it impossible for this
 * message, a static text; nothing is then under way. A connection found lost is
 * no fault: the delivery stays unsettled.
 */
const char *mqtt_session_publish(struct mqtt_session *session, const struct message *m,
                                 struct mqtt_delivery *delivery);

/*
 * Subscriber, while message() does not return: ends the connection from this
 * side, so that the broker keeps what it has not got an acknowledgement for,
 * instead of waiting for one and then taking the client for dead. Every
 * acknowledgement sent before reaches it. What it has sent already may still be
 * handed to message(). When that returns at last, the acknowledgement has no way
 * to the broker; the session connects again and is resumed, and the broker
 * delivers the message once more: with QoS 1 to message(), with QoS 2 the
 * library knows that it had it. Where there is no connection nothing happens.
 */
void mqtt_session_pause(struct mqtt_session *session);

/*
 * Subscriber: begins to end the session for good, also one that is kept, without
 * a message being lost that is in it. UNSUBSCRIBE; what the broker has queued
 * comes, and is taken; after MQTT_LEAVE_QUIET the same again, until no message
 * came between two answers. The broker answers behind what it has to send, so then
 * there is nothing more, however slow the network is; the pause is for brokers of
 * several nodes, which tell each other. At last s->left is true, and DISCONNECT
 * ends the session: MQTT_CLOSED. A connection that is lost is made again.
 *
 * How long that takes is the caller's to bound: mqtt_session_close() keeps the
 * session as ever, while s->left is false.
 */
void mqtt_session_leave(struct mqtt_session *session);

/*
 * Begins to end the session; the handler refuses further messages
 * (MQTT_NOT_TAKEN). mqtt_session_step() gives MQTT_CLOSED at last. The
 * connection of a session that is kept is closed without DISCONNECT, and the end
 * is waited for until the broker has read all acknowledgements; what is still
 * under way gets none. One that is not kept ends with DISCONNECT.
 */
void mqtt_session_close(struct mqtt_session *session);

#endif
