/*
 * identity: what the user properties of a message say of its readings.
 *
 * Known are "type", "sensor", "schema", "time", "source", "protobuf-message" and,
 * its name in any case, "content-encoding"; each may be given once. Others are
 * not looked at.
 */
#ifndef SENSOR_DECODE_IDENTITY_H
#define SENSOR_DECODE_IDENTITY_H

#include "base/buf.h"
#include "base/slice.h"
#include "fault.h"

#include <stdbool.h>
#include <stdint.h>

struct identity {
	struct slice type, sensor, schema; /* ptr is NULL: not given */
	struct slice message;              /* type of a Protobuf message, likewise */
	struct slice encoding;             /* content coding, likewise */
	bool timed;
	int64_t time;
};

/* `scratch` is cleared and holds the texts. Returns 0, or -1 with the fault set. */
int identity_read(struct identity *id, struct slice properties, struct buf *scratch,
                  struct fault *fault);

/* Takes type, sensor and schema where they are not given yet; a ptr of NULL gives nothing. */
void identity_fill(struct identity *id, struct slice type, struct slice sensor,
                   struct slice schema);

/* Type and sensor are there, all three may stand in a record. Returns 0, or -1 with the fault. */
int identity_check(const struct identity *id, struct fault *fault);

#endif
