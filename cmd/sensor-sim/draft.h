/*
 * draft: a message about to be written, in parts that can still be spoilt.
 *
 * The topic is sensors/TYPE/ID, ID being "sim-" and the sensor's number in six
 * digits; the user properties name the version of the schema and the source.
 */
#ifndef SENSOR_SIM_DRAFT_H
#define SENSOR_SIM_DRAFT_H

#include "base/buf.h"
#include "base/slice.h"
#include "payload.h"
#include "sample.h"

#include <stdint.h>

struct draft {
	struct sample sample;
	struct slice type; /* of the topic */
	struct slice id;   /* of the topic; empty leaves the level out */
	enum payload_format format;
	struct slice content_type;
	struct slice properties; /* form-urlencoded; see record/properties.h */
	unsigned keep;           /* of the payload's bytes, in percent */
	int64_t received;
	unsigned qos;
};

/* Appends the draft as a message record. `payload` and `topic` are scratch, cleared here; `want` as
 * in payload.h. */
void draft_append(struct buf *b, const struct draft *d, size_t want, struct buf *topic,
                  struct buf *payload);

#endif
