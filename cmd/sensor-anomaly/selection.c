#include "selection.h"

static bool among(const struct slice *names, size_t count, struct slice name)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal(names[i], name))
			return true;
	return false;
}

bool selection_has(const struct selection *s, struct slice name)
{
	return (s->only_count == 0 || among(s->only, s->only_count, name)) &&
	       !among(s->except, s->except_count, name);
}
