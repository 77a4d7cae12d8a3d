/*
 * mqtt_client: a client handle of the library, Eclipse Paho's MQTTAsync 1.3.12, and its callbacks.
 *
 * The part of mqtt_session that touches Paho; to be included by the link layer
 * only. The library's threads report by struct mqtt_news, which the main thread
 * takes; all functions but mqtt_client_wake() are for the main thread.
 *
 * Locks. The library holds its own while a callback runs, so none of the
 * functions that take it may be called while a message may wait in the
 * callback for the main thread: a subscriber calls only mqtt_client_disconnect()
 * while it is connected, which takes no such lock; subscribing happens in a
 * callback, and unsubscribing in a thread of its own.
 */
#ifndef SENSORPIPE_MQTT_CLIENT_H
#define SENSORPIPE_MQTT_CLIENT_H

#include "link/mqtt_message.h"
#include "link/mqtt_session.h"
#include "link/mqtt_tls.h"

#include <MQTTAsync.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

/* What the library's threads reported since it was last taken. */
struct mqtt_news {
	bool connected, refused, subscribed, unsubscribed, lost;
	bool last; /* the handler took the last message it wants */
	/* A message that was not taken is held in the callback, never to be acknowledged: no
	 * further call into the library would return. */
	bool held;
	bool closed;          /* DISCONNECT is sent */
	bool subscribing;     /* with connected: the answer to a subscription is to come */
	bool session_present; /* with connected */
	int code;             /* with refused: of CONNACK, or negative: no CONNACK */
	int disconnect;       /* with lost: the reason code of the broker's DISCONNECT, -1: none */
	struct mqtt_limits limits;
};

struct mqtt_client {
	struct mqtt_config config;
	const struct mqtt_options *options;
	struct mqtt_tls tls;
	char *url; /* for messages, and for the library; without user name */
	int wake;  /* eventfd: readable when there is news */
	MQTTAsync handle;

	/* Of the receive thread. */
	bool subscribed; /* the broker granted the subscriptions of the session it has */
	struct buf properties;
	atomic_uint_fast64_t arrived; /* messages; it alone changes it */
	atomic_bool leaving;          /* of the main thread: no more subscriptions */

	pthread_mutex_t mutex; /* for what follows */
	struct mqtt_news news;
	int *granted; /* with news.subscribed or unsubscribed: reason codes, one a filter */
	bool broken;  /* a write failed under a publication; see mqtt_session.h */
};

void mqtt_client_init(struct mqtt_client *c, const struct mqtt_config *config);

/* Takes the news; none is as good as any. */
struct mqtt_news mqtt_client_news(struct mqtt_client *c);

/* Makes c->wake readable; callable from any thread. */
void mqtt_client_wake(const struct mqtt_client *c);

/* Begins to connect; news follows: connected or refused. */
void mqtt_client_connect(struct mqtt_client *c, bool clean_start);

/* For a publisher that lost its connection: a new handle, without the old one's publications. */
void mqtt_client_renew(struct mqtt_client *c);

/* As mqtt_session_publish(). */
const char *mqtt_client_publish(struct mqtt_client *c, const struct mqtt_outgoing *outgoing,
                                struct mqtt_delivery *delivery);

/* Begins to unsubscribe from all filters; news follows: unsubscribed, or lost. */
void mqtt_client_unsubscribe(struct mqtt_client *c);

/* Queues a DISCONNECT that ends the session, too; news follows: closed. False: there is no
 * connection to end. */
bool mqtt_client_disconnect(struct mqtt_client *c);

#endif
