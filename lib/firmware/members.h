/*
 * members: reads a flat JSON object whose keys are all known, each there exactly once, in any
 * order.
 *
 * For texts that machines write for machines: what is missing, given twice or
 * not known is an error, so that two readers never see two things in one text.
 */
#ifndef SENSORPIPE_FIRMWARE_MEMBERS_H
#define SENSORPIPE_FIRMWARE_MEMBERS_H

#include "base/slice.h"
#include "text/json.h"

#include <stddef.h>
#include <stdint.h>

enum { MEMBERS_MAX = 32 }; /* keys of an object */

struct member {
	const char *name;
	/* Takes the value whose first token was just given. NULL, or what is wrong with it, a
	 * static text. */
	const char *(*take)(struct json *j, enum json_token token, void *to);
};

/* NULL, or what is wrong, a static text. At most MEMBERS_MAX members. */
const char *members_read(struct slice object, const struct member *members, size_t count, void *to);

/* A number written with 1 to 18 digits alone: 0; else -1. */
int members_integer(const struct json *j, enum json_token token, uint64_t *value);

#endif
