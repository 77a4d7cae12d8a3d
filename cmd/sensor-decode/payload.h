/*
 * payload: what the decoder of a format is given, and what it fills.
 *
 * A decoder (decode_json.h, decode_protobuf.h, ...) reads the bytes and adds
 * readings, which are empty when it is called. It does no I/O, and keeps nothing
 * of the payload behind its return but what readings.h says. The memory is the
 * caller's, used again for the next message.
 */
#ifndef SENSOR_DECODE_PAYLOAD_H
#define SENSOR_DECODE_PAYLOAD_H

#include "arena.h"
#include "base/buf.h"
#include "base/slice.h"
#include "content_type.h"
#include "decode_options.h"
#include "fault.h"
#include "identity.h"
#include "readings.h"
#include "record/record.h"

struct sparkplug;

struct payload {
	struct slice bytes;
	struct content_type type;
	const struct message *message; /* for its topic and time of arrival */
	const struct decode_options *options;
	const struct identity *given; /* by the user properties; NULL: nothing */
	struct slice metric;          /* name of a value that has none; empty: nothing tells it */
	struct readings *readings;
	struct arena *arena; /* for who unpacks; what is in it stays until the next message */
	struct buf *scratch; /* cleared by who uses it */
	struct sparkplug *sparkplug; /* what is kept from one message to the next */
	struct fault *fault;
};

/* Returns 0, or -1 with the fault set; the readings are then worth nothing. */
typedef int payload_decoder(struct payload *p);

#endif
