#include "wanted.h"

#include "text/topic_filter.h"

static bool topic_matches(const struct wanted *w, struct slice topic)
{
	for (size_t i = 0; i < w->topic_count; i++)
		if (topic_filter_matches(w->topics[i], topic))
			return true;
	return w->topic_count == 0;
}

bool wanted_takes(const struct wanted *w, const struct message *m)
{
	if (w->after && m->seq <= w->after)
		return false;
	return m->received >= w->from && m->received < w->to && topic_matches(w, m->topic);
}
