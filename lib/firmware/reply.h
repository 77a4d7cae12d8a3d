/*
 * reply: a piece of an image, or why there is none: the record of it.
 *
 *   topic             fw/rx/DEVICE
 *   correlation data  those of the request
 *   expiry            what was left of the request's
 *
 * of a piece, further
 *
 *   content type      application/octet-stream
 *   payload           the bytes
 *   user properties   version, offset (decimal), crc32c (of the bytes, 8 hex digits)
 *
 * and of a refusal
 *
 *   content type      application/json
 *   payload           {"error":CODE,"detail":TEXT}
 *   user property     error, the CODE
 *
 * The checksum finds accidents on the way, piece by piece; what stands against a
 * forger is the digest in the signed manifest.
 */
#ifndef SENSORPIPE_FIRMWARE_REPLY_H
#define SENSORPIPE_FIRMWARE_REPLY_H

#include "base/buf.h"
#include "base/slice.h"
#include "record/record.h"

#include <stdbool.h>
#include <stdint.h>

enum reply_error {
	REPLY_NO_ERROR,
	REPLY_BAD_REQUEST,
	REPLY_UNKNOWN_MODEL,
	REPLY_UNKNOWN_VERSION,
	REPLY_BAD_RANGE,
	REPLY_BUSY, /* the one that passes: ask again later */
	REPLY_ERRORS,
};

/* The CODE: "bad-request" and so on; "" for REPLY_NO_ERROR. */
const char *reply_error_code(enum reply_error error);

/* As it is to be written; the slices are the caller's. */
struct firmware_reply {
	struct slice device;
	struct slice correlation;
	uint32_t expiry; /* seconds */
	unsigned qos;
	enum reply_error error;

	/* Of a piece. */
	struct slice version;
	uint64_t offset;    /* bytes */
	struct slice bytes; /* parsed: the payload, checked against its checksum by `sound` */
	bool sound;         /* set by reply_parse(): the checksum is right */

	/* Of a refusal: for people; valid UTF-8. Not parsed. */
	struct slice detail;
};

/* Appends the record, a whole line, received at `now` (microseconds since the epoch). `scratch` is
 * cleared and used. */
void reply_append(struct buf *b, struct buf *scratch, const struct firmware_reply *r, int64_t now);

/*
 * Reads a record on a topic fw/rx/DEVICE, whose device the caller compares with
 * its own. 0, or -1: it is no reply, *fault tells why, a static text. A checksum
 * that is wrong is no fault: see `sound`. `scratch` must not be the one that m was
 * parsed with.
 */
int reply_parse(const struct message *m, struct buf *scratch, struct firmware_reply *r,
                const char **fault);

#endif
