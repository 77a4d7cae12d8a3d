/* Any field into the walk over properties; pairs that come out survive being written again. */
#include "record/properties.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct buf scratch, again_scratch, field;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct properties_walk walk, again;
	struct property p, q;

	properties_walk(&walk, (struct slice){(const char *)data, size}, &scratch);
	while (properties_next(&walk, &p) == 1) {
		if (p.mqtt)
			continue;
		buf_clear(&field);
		properties_append_user(&field, p.name, p.value);
		properties_walk(&again, buf_slice(&field), &again_scratch);
		if (properties_next(&again, &q) != 1 || q.mqtt || !slice_equal(p.name, q.name) ||
		    !slice_equal(p.value, q.value))
			abort();
	}
	return 0;
}
