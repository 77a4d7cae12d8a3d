/*
 * topic_filter: which topics a topic filter means (MQTT 5 section 4.7).
 *
 * Level by level: '+' stands for any one level, '#' as the last level for any
 * levels, also none; everything else for itself. A wildcard at the first level
 * matches no topic that starts with '$'.
 */
#ifndef SENSORPIPE_TOPIC_FILTER_H
#define SENSORPIPE_TOPIC_FILTER_H

#include "base/slice.h"

#include <stdbool.h>
#include <string.h>

/* NULL, or what is wrong with the filter, a static text. */
const char *topic_filter_fault(struct slice filter);

/* The filter must have no fault. */
bool topic_filter_matches(struct slice filter, struct slice topic);

/* ---- for patterns that are more than filters ---- */

/* Walks the levels of a topic or a pattern. */
struct topic_levels {
	struct slice rest;
	bool left; /* another level follows */
};

static inline struct topic_levels topic_levels(struct slice text)
{
	return (struct topic_levels){text, true};
}

/* The next level; only while one is left. */
static inline struct slice topic_next_level(struct topic_levels *l)
{
	const char *slash = l->rest.len ? memchr(l->rest.ptr, '/', l->rest.len) : NULL;
	struct slice level = l->rest;

	l->left = slash != NULL;
	if (slash) {
		level.len = (size_t)(slash - level.ptr);
		l->rest.ptr += level.len + 1;
		l->rest.len -= level.len + 1;
	}
	return level;
}

/* NULL, or what is wrong with the wildcards of a level: one must fill its level, and '#' be the
 * last. */
const char *topic_wildcard_fault(struct slice level, bool last);

/* Whether the topic starts with '$' and the pattern does not. */
bool topic_is_hidden(struct slice topic, struct slice pattern);

#endif
