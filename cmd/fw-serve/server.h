/*
 * server: what becomes of a message: a piece of an image, a refusal, or nothing.
 *
 * Each message ends as exactly one of those that struct server_counts has. What
 * a device may ask for is looked at before what it asks: over its rate it costs
 * no more than a word, and writes no dead letters.
 */
#ifndef FW_SERVE_SERVER_H
#define FW_SERVE_SERVER_H

#include "catalog.h"
#include "images.h"
#include "options.h"
#include "throttle.h"

#include "base/buf.h"
#include "firmware/reply.h"
#include "firmware/request.h"
#include "record/record.h"

#include <stdint.h>

/* Replies live as long as their requests, but not longer: the broker keeps them for a device that
 * is away. In seconds. */
enum { SERVER_EXPIRY_MAX = 300 };

struct server_counts {
	uint64_t pieces, bytes;
	uint64_t refused[REPLY_ERRORS]; /* by code */
	uint64_t expired;               /* nobody waits for the reply any more */
	uint64_t dropped;               /* over the rate, and not to be answered */
	uint64_t alien;                 /* no request that could be answered */
};

struct server {
	struct server_counts counts;
	struct images images;      /* `checks` is for metrics, too */
	double versions, unusable; /* in the catalog: images, manifests that do not count */

	/* Private. */
	const struct options *options;
	struct firmware_key keys[OPTIONS_KEYS_MAX];
	struct catalog catalog;
	struct throttle throttle;
	struct buf scratch, draft; /* of the request, of the reply */
	char *piece;               /* MANIFEST_CHUNK_MOST bytes */
};

/* Reads keys and folder; ends the process when it cannot. */
void server_open(struct server *s, const struct options *options);

/* Reads the folder again; where that fails, it stays as it was, with a warning. */
void server_reload(struct server *s);

/* Appends the reply, if there is one. NULL, or why the message is no request, a static text. */
const char *server_take(struct server *s, const struct message *m, struct buf *replies);

void server_close(struct server *s);

#endif
