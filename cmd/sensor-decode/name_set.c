#include "name_set.h"

#include <string.h>

void name_set_clear(struct name_set *set)
{
	buf_clear(&set->bytes);
	set->count = 0;
	set->generation++;
	if (set->generation ==
	    0) { /* all 2^32 are used: the oldest could be taken for the newest */
		memset(set->slots, 0, sizeof(set->slots));
		set->generation = 1;
	}
}

/* Eight bytes at a time: xor, multiply, fold (the multiplier is 2^64 divided by the golden ratio).
 */
static uint32_t hash_name(struct slice name)
{
	const uint64_t multiplier = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t hash = name.len, word;
	size_t i;

	for (i = 0; i + 8 <= name.len; i += 8) {
		memcpy(&word, name.ptr + i, 8);
		hash = (hash ^ word) * multiplier;
		hash ^= hash >> 32;
	}
	for (word = 0; i < name.len; i++)
		word = word << 8 | (unsigned char)name.ptr[i];
	hash = (hash ^ word) * multiplier;
	return (uint32_t)(hash >> 32);
}

enum name_added name_set_add(struct name_set *set, struct slice name)
{
	uint32_t hash = hash_name(name), i;

	for (i = hash % NAME_SET_SLOTS; set->slots[i].generation == set->generation;
	     i = (i + 1) % NAME_SET_SLOTS)
		if (set->slots[i].hash == hash &&
		    slice_equal(
			(struct slice){set->bytes.ptr + set->slots[i].at, set->slots[i].len}, name))
			return NAME_TWICE;
	if (set->count == NAME_SET_MAX)
		return NAME_FULL;
	set->slots[i].generation = set->generation;
	set->slots[i].hash = hash;
	set->slots[i].at = (uint32_t)set->bytes.len;
	set->slots[i].len = (uint32_t)name.len;
	buf_append_slice(&set->bytes, name);
	set->count++;
	return NAME_NEW;
}

void name_set_free(struct name_set *set)
{
	buf_free(&set->bytes);
}
