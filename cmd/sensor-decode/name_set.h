/*
 * name_set: the names seen in one object, to find those that come twice.
 *
 * An open-addressing hash table with linear probing, at most half full. It is
 * emptied in constant time, by counting a generation on, so that a message of
 * five names costs five steps whatever the one before it held. Names crafted to
 * collide cost at most NAME_SET_MAX steps each.
 */
#ifndef SENSOR_DECODE_NAME_SET_H
#define SENSOR_DECODE_NAME_SET_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdint.h>

enum {
	NAME_SET_MAX = 2048,
	NAME_SET_SLOTS = 2 * NAME_SET_MAX,
};

struct name_set {
	uint32_t generation, count;
	struct {
		uint32_t generation; /* of another one: the slot is free */
		uint32_t hash;
		uint32_t at, len; /* place in bytes */
	} slots[NAME_SET_SLOTS];
	struct buf bytes;
};

enum name_added { NAME_NEW, NAME_TWICE, NAME_FULL };

/* A zeroed set is ready for name_set_clear(), which comes before the first name. */
void name_set_clear(struct name_set *set);

/* `name` is copied. */
enum name_added name_set_add(struct name_set *set, struct slice name);

void name_set_free(struct name_set *set);

#endif
