/*
 * topic: what a topic tells of a message: templates name the sensor, filters choose.
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
 * Filters are those of MQTT 5 section 4.7; as there, a wildcard at the first level
 * matches no topic that starts with '$', nor does a placeholder.
 */
#ifndef SENSOR_DECODE_TOPIC_H
#define SENSOR_DECODE_TOPIC_H

#include "base/slice.h"

#include <stdbool.h>

/* Return NULL, or what is wrong with the text, a static text. */
const char *topic_filter_fault(struct slice filter);
const char *topic_template_fault(struct slice template);

/* The filter must have no fault. */
bool topic_filter_matches(struct slice filter, struct slice topic);

struct topic_names {
	struct slice type, sensor; /* slices of the topic; ptr is NULL when the template has none */
};

/* The template must have no fault. On false, *names is not defined. */
bool topic_template_matches(struct slice template, struct slice topic, struct topic_names *names);

#endif
