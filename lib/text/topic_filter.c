#include "text/topic_filter.h"

#include <string.h>

const char *topic_wildcard_fault(struct slice level, bool last)
{
	bool plus = level.len && memchr(level.ptr, '+', level.len);
	bool hash = level.len && memchr(level.ptr, '#', level.len);

	if ((plus || hash) && level.len > 1)
		return "'+' and '#' stand for whole levels";
	if (hash && !last)
		return "'#' is not the last level";
	return NULL;
}

const char *topic_filter_fault(struct slice filter)
{
	struct topic_levels l = topic_levels(filter);
	const char *fault = filter.len ? NULL : "it is empty";

	while (!fault && l.left) {
		struct slice level = topic_next_level(&l);

		fault = topic_wildcard_fault(level, !l.left);
	}
	return fault;
}

bool topic_is_hidden(struct slice topic, struct slice pattern)
{
	return topic.len && *topic.ptr == '$' && (pattern.len == 0 || *pattern.ptr != '$');
}

bool topic_filter_matches(struct slice filter, struct slice topic)
{
	struct topic_levels f = topic_levels(filter), t = topic_levels(topic);

	if (topic_is_hidden(topic, filter))
		return false;
	while (f.left) {
		struct slice wanted = topic_next_level(&f), level;

		if (slice_is(wanted, "#"))
			return true;
		if (!t.left)
			return false;
		level = topic_next_level(&t);
		if (!slice_is(wanted, "+") && !slice_equal(wanted, level))
			return false;
	}
	return !t.left;
}
