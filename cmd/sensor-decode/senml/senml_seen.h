/*
 * senml_seen: what a pack has given so far: the unit of each name, and which value had which time.
 *
 * An open-addressing hash table with linear probing, at most half full, in
 * memory of the caller, for one pack. Names crafted to collide cost at most
 * 2 * SENML_VALUES_MAX steps each. Texts are not copied.
 */
#ifndef SENSOR_DECODE_SENML_SEEN_H
#define SENSOR_DECODE_SENML_SEEN_H

#include "base/slice.h"

#include <stddef.h>
#include <stdint.h>

enum { SENML_VALUES_MAX = 4096 }; /* in one pack */

struct senml_seen {
	struct senml_slot *slots;
	size_t slot_count; /* a power of 2 */
	size_t left;       /* values that still may come */
};

/* Bytes of memory for this many values, at most SENML_VALUES_MAX. */
size_t senml_seen_size(size_t values);

void senml_seen_init(struct senml_seen *s, void *memory, size_t values);

/* The unit of a name, which the first that asks may set; it is empty until then. Comes before
 * senml_seen_value() of each value. */
struct slice *senml_seen_unit(struct senml_seen *s, struct slice sensor, struct slice name);

enum senml_value { SENML_VALUE_NEW, SENML_VALUE_TWICE, SENML_VALUE_FULL };

/* Takes a value's name, unit and time. */
enum senml_value senml_seen_value(struct senml_seen *s, struct slice sensor, struct slice name,
                                  struct slice unit, int64_t time);

#endif
