/*
 * throttle: how much a device, and all of them together, may ask for.
 *
 * Token buckets (RFC 2697 has the idea): what comes within the rate passes, and
 * at most a second's worth at once. The buckets of devices are in a table of
 * fixed size, THROTTLE_WAYS to a set, of which the least recently used makes room
 * for a new device, whose bucket is full then. So memory is bounded whatever names
 * there are; where access control does not tie a device to its name, only the
 * bound on all together holds.
 */
#ifndef FW_SERVE_THROTTLE_H
#define FW_SERVE_THROTTLE_H

#include "base/slice.h"
#include "firmware/name.h"

#include <stdbool.h>
#include <stdint.h>

enum { THROTTLE_WAYS = 8, THROTTLE_SETS = 1024 };

struct bucket {
	double tokens;
	int64_t at; /* clock, microseconds */
};

/* Takes `amount` out, if there is that much; what was refilled until `now` is at most `burst`. */
bool bucket_take(struct bucket *b, double rate, double burst, double amount, int64_t now);

struct throttle_device {
	char name[FIRMWARE_NAME_MAX];
	uint8_t length; /* of the name; 0: free */
	struct bucket bucket;
};

struct throttle {
	double rate;      /* requests a second, of one device */
	double bandwidth; /* bytes a second, of all; 0: no bound */

	/* Private. */
	struct bucket all;
	struct throttle_device (*sets)[THROTTLE_WAYS];
};

void throttle_init(struct throttle *t, double rate, double bandwidth, int64_t now);

/* Whether the device may ask once more now. */
bool throttle_request(struct throttle *t, struct slice device, int64_t now);

/* Whether a piece may be sent now. That does not depend on its size, so that small ones never keep
 * large ones out: a large one takes tokens that are yet to come, and those after it wait. */
bool throttle_may_send(struct throttle *t, int64_t now);

/* So many bytes were sent. */
void throttle_sent(struct throttle *t, uint64_t bytes);

void throttle_free(struct throttle *t);

#endif
