/*
 * topic: what a topic tells of a message: templates name the sensor.
 *
 * A template is a topic with placeholders, level by level:
 *
 *   plain text          itself
 *   +                   any one level
 *   #                   as the last level: any levels, also none
 *   {type} {sensor}     any one level that is not empty; taken. Text may stand around it
 *                       ("gw-{sensor}"), and is left out of what is taken
 *   {sensor...}         as the last level: all the levels that are left, at least one
 *
 * As with filters (text/topic_filter.h), a wildcard at the first level matches
 * no topic that starts with '$', nor does a placeholder.
 */
#ifndef SENSOR_DECODE_TOPIC_H
#define SENSOR_DECODE_TOPIC_H

#include "base/slice.h"

#include <stdbool.h>

/* NULL, or what is wrong with the template, a static text. */
const char *topic_template_fault(struct slice template);

struct topic_names {
	struct slice type, sensor; /* slices of the topic; ptr is NULL when the template has none */
};

/* The template must have no fault. On false, *names is not defined. */
bool topic_template_matches(struct slice template, struct slice topic, struct topic_names *names);

#endif
