/*
 * validator: what becomes of each record: passed on, mostly as it is, or a dead letter.
 *
 * A reading that fails and was to complete its message (no '+' at its seq) is
 * replaced by a skip record with the code as its reason, so that the stages
 * after this one go on counting. Dead letters leave before the records that
 * came after them.
 */
#ifndef SENSOR_VALIDATE_VALIDATOR_H
#define SENSOR_VALIDATE_VALIDATOR_H

#include "check.h"
#include "schema_set.h"
#include "stream.h"

#include "observe/metrics.h"
#include "record/input.h"
#include "record/record.h"
#include "record/reject.h"
#include "stream/out.h"

#include <stdbool.h>
#include <stdint.h>

struct validator {
	/* To be set by the caller. */
	struct schema_set *schemas; /* may be exchanged between records */
	bool allow_unknown;
	bool explain; /* details end with the rule and its file */
	struct input in;
	struct reject reject;
	struct out out;
	struct stream stream; /* of stream_init() */

	/* Records so far: in.records = valid + unchecked + skips + reject.count, and written are
	 * valid + unchecked + skips + in.skipped, which replaced some of the rejected. */
	uint64_t valid, unchecked, skips;
	uint64_t suspect;               /* of valid: written anew, with other qualities */
	uint64_t failed[FAILURE_CODES]; /* of reject.count */

	/* Private. */
	struct check check;
	struct reading reading;
	struct buf scratch;
};

/* Deals with the record in v->in. */
void validator_take(struct validator *v);

void validator_register(const struct validator *v, struct metrics *m);

/* Frees what is private. */
void validator_free(struct validator *v);

#endif
