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

enum name_added name_set_add(struct name_set *set, struct slice name)
{
	uint32_t hash = (uint32_t)slice_hash(name), i;

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
