/*
 * request: a device asks for a piece of an image: the record of it.
 *
 *   topic             fw/get/DEVICE, not retained
 *   content type      application/json
 *   response topic    fw/rx/DEVICE: nobody has replies sent to somebody else
 *   correlation data  1 to REQUEST_CORRELATION_MAX bytes
 *   expiry            set, in seconds
 *   payload           {"model":"thermo","version":"1.4.0","offset":0,"length":16384}
 *
 * Who asks is told by the topic alone, which the broker's access control ties to
 * the device. The keys of the object are these, each exactly once, in any order.
 */
#ifndef SENSORPIPE_FIRMWARE_REQUEST_H
#define SENSORPIPE_FIRMWARE_REQUEST_H

#include "base/buf.h"
#include "base/slice.h"
#include "record/record.h"

#include <stdint.h>

enum {
	REQUEST_CORRELATION_MAX = 64, /* bytes */
	REQUEST_PAYLOAD_MAX = 1024,   /* bytes */
};

/* Its slices point into the message and the scratch buffer it was parsed with. */
struct firmware_request {
	struct slice device; /* empty: the topic names none */
	struct slice correlation;
	uint32_t expiry; /* seconds, from when the record was received */
	struct slice model, version;
	uint64_t offset, length; /* bytes; whether there are such is not looked at */
};

enum request_verdict {
	REQUEST_GOOD,
	REQUEST_BAD, /* the payload is wrong: device, correlation and expiry are good for a refusal
	              */
	REQUEST_ALIEN, /* nothing that could be answered; only device is good */
};

/* But for REQUEST_GOOD, *fault is what is wrong, a static text. `scratch` must not be the one that
 * m was parsed with. */
enum request_verdict request_parse(const struct message *m, struct buf *scratch,
                                   struct firmware_request *r, const char **fault);

/* Appends the record, a whole line, received at `now` (microseconds since the epoch), of QoS 1.
 * `scratch` is cleared and used. */
void request_append(struct buf *b, struct buf *scratch, const struct firmware_request *r,
                    int64_t now);

#endif
