/*
 * tally: what is in a segment or file, for mqtt-replay --verify.
 */
#ifndef MQTT_REPLAY_TALLY_H
#define MQTT_REPLAY_TALLY_H

#include "base/buf.h"
#include "record/record.h"

#include <stdint.h>

struct tally {
	uint64_t records;     /* sound ones */
	uint64_t damaged;     /* places that are not */
	uint64_t first, last; /* numbers; where there are records */
	int64_t from, to;     /* when those arrived */
	uint64_t gap;         /* numbers left out before and between them */
};

/* Counts a record. `*before` is the number of the record before, 0 where there is none; it becomes
 * this one's. */
void tally_add(struct tally *t, const struct message *m, uint64_t *before);

/* The names of the columns, and the tally of what has `bytes` as a line under them. */
void tally_append_head(struct buf *b);
void tally_append(struct buf *b, const struct tally *t, const char *name, uint64_t bytes);

#endif
