/*
 * decode_sparkplug: readings from Sparkplug B messages.
 *
 * By the Sparkplug specification, version 3.0.0. What a message means depends on
 * those before it: the births of the node and its devices name the metrics that
 * data messages give by alias, and numbers (seq) tell whether a message is
 * missing. struct sparkplug keeps this from one message to the next, per node
 * and bounded (sparkplug_table.h).
 *
 * A message gives a reading for each time in it: metrics have times of their
 * own. A birth also tells that its node or device is online, a death that it no
 * longer is.
 */
#ifndef SENSOR_DECODE_DECODE_SPARKPLUG_H
#define SENSOR_DECODE_DECODE_SPARKPLUG_H

#include "base/buf.h"
#include "payload.h"
#include "sparkplug/sparkplug_table.h"
#include "sparkplug/sparkplug_value.h"

#include <stdbool.h>
#include <stdint.h>

/* Memory to unpack a payload: at most so much for each of its bytes, which is what the smallest
 * metrics need, and so much in all. */
enum {
	SPARKPLUG_PER_BYTE = 192,
	SPARKPLUG_MEMORY_MAX = 64 << 20,
};

/* Between two requests for the births of one node, by the times of arrival: microseconds. */
#define SPARKPLUG_ASK_INTERVAL INT64_C(60000000)

/* The metric that births and deaths add, where the source has none of this name. */
#define SPARKPLUG_ONLINE "online"

struct sparkplug_counts {
	uint64_t births, deaths;
	uint64_t stale;                  /* deaths of an earlier session, without effect */
	uint64_t gaps;                   /* messages before which others are missing */
	uint64_t fates[SPARKPLUG_FATES]; /* of metrics */
};

struct sparkplug {
	struct sparkplug_table table;
	struct sparkplug_counts counts;

	/* Births that are wanted: requests as m1 records, to be taken out by the owner. */
	struct buf requests;

	/* What the owner restores is not counted and asks for nothing. */
	bool restoring;

	/* The last message was a birth or a death. To know again what is known now, it must be
	 * restored, in order with the others of its kind. */
	bool remember;
};

payload_decoder decode_sparkplug;

/* Appends what tells the numbers of the last messages, to be restored after the births and before
 * any later message. `seq` and `received` are those of the last record of all. */
void sparkplug_append_state(const struct sparkplug *s, uint64_t seq, int64_t received,
                            struct buf *b);

void sparkplug_free(struct sparkplug *s);

#endif
