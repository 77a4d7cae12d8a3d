/*
 * properties: the MQTT 5 properties of a message as one form-urlencoded field.
 *
 * `name=value` pairs joined by '&' in arrival order (WHATWG URL standard,
 * application/x-www-form-urlencoded: space is '+', any byte but A-Z a-z 0-9
 * '*' '-' '.' '_' is %HH). User properties stand under their own names; MQTT's
 * own as mqtt.payload-format-indicator, mqtt.message-expiry-interval (seconds
 * left), mqtt.response-topic, mqtt.correlation-data,
 * mqtt.subscription-identifier. A user property whose own name starts with
 * "mqtt." is told apart by a leading dot: "mqtt.x" is written ".mqtt.x", and
 * ".mqtt.x" is written "..mqtt.x" and so on.
 */
#ifndef SENSORPIPE_PROPERTIES_H
#define SENSORPIPE_PROPERTIES_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>

/* Appends one pair; user properties' names are given as they are on the wire. */
void properties_append_user(struct buf *b, struct slice name, struct slice value);
void properties_append_mqtt(struct buf *b, const char *name, struct slice value);

struct property {
	bool mqtt;         /* one of MQTT's own; name without "mqtt." */
	struct slice name; /* decoded, in the caller's buffer */
	struct slice value;
};

/* Walks the pairs of a field. */
struct properties_walk {
	struct slice rest;
	struct buf *scratch;
};
/* Clears scratch and makes room for all decoded pairs, so that slices of earlier pairs stay valid.
 */
void properties_walk(struct properties_walk *w, struct slice field, struct buf *scratch);

/* 1 with a pair, 0 at the end, -1 on a malformed pair. */
int properties_next(struct properties_walk *w, struct property *p);

#endif
