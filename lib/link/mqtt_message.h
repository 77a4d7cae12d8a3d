/*
 * mqtt_message: a message record's fields from a message of the client library, and back.
 *
 * To be included by the link layer only: it shows Paho's types.
 */
#ifndef SENSORPIPE_MQTT_MESSAGE_H
#define SENSORPIPE_MQTT_MESSAGE_H

#include "base/buf.h"
#include "record/record.h"

#include <MQTTAsync.h>

/*
 * Fills m (seq 0, received the caller's) with slices of the arrived message
 * and of `properties`, which is cleared first. Every property is kept; the
 * content type has its own field. `topic_len` 0 means a NUL-terminated topic.
 */
void mqtt_message_arrived(const char *topic, int topic_len, const MQTTAsync_message *from,
                          struct buf *properties, struct message *m);

/* A message made ready to be published; zeroed at first, used again and again. */
struct mqtt_outgoing {
	MQTTAsync_message message;
	const char *topic;  /* NUL-terminated */
	size_t packet_size; /* of the PUBLISH packet, at most; in bytes */
	/* Private. */
	struct buf topic_text, scratch;
	MQTTProperty *array;
	size_t capacity;
};

/*
 * Subscription identifiers belong to the delivery the record came from and are
 * dropped. Returns NULL, or what makes the message one that cannot be
 * published, a static text. What o points to is good until the next call and
 * as long as m's slices are.
 */
const char *mqtt_message_prepare(struct mqtt_outgoing *o, const struct message *m);

void mqtt_outgoing_free(struct mqtt_outgoing *o);

#endif
