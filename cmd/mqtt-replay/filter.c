#include "filter.h"

#include "text/topic_filter.h"

static bool topic_matches(const struct filter *f, struct slice topic)
{
	for (size_t i = 0; i < f->topic_count; i++)
		if (topic_filter_matches(f->topics[i], topic))
			return true;
	return f->topic_count == 0;
}

bool filter_takes(const struct filter *f, const struct message *m)
{
	if (f->after && m->seq <= f->after)
		return false;
	return m->received >= f->from && m->received < f->to && topic_matches(f, m->topic);
}
