/*
 * topic: what a topic tells of a message: templates name the sensor.
 *
 * A template is a topic with placeholders, level by level:
 *
 *   plain text          itself
 *   +                   any one level
 *   #                   as the last level: any levels, also none
 *   {type} {sensor}     any one level that is not empty; taken. Text may stand around it
 *   {metric}            ("gw-{sensor}"), and is left out of what is taken
 *   {sensor...}         as the last level: all the levels that are left, at least one
 *
 * After it, each behind a blank, may stand what no topic tells: type=TEXT,
 * sensor=TEXT, schema=TEXT, metric=TEXT, without blanks in TEXT
 * ("zigbee2mqtt/{sensor} type=climate").
 *
 * As with filters (text/topic_filter.h), a wildcard at the first level matches
 * no topic that starts with '$', nor does a placeholder.
 */
#ifndef SENSOR_DECODE_TOPIC_H
#define SENSOR_DECODE_TOPIC_H

#include "base/slice.h"

#include <stdbool.h>

/* What a template tells; ptr is NULL where it does not. */
struct topic_names {
	struct slice type, sensor, schema;
	struct slice metric; /* of a payload that is one value without a name */
};

struct topic_template {
	struct slice levels;
	struct topic_names fixed; /* not by the topic */
	bool has_metric;          /* names a metric, by the topic or not */
	bool tells;               /* names anything */
};

/* NULL, or what is wrong, a static text. The template keeps slices of the text. */
const char *topic_template_read(struct slice text, struct topic_template *t);

/* On false, *names is not defined; else they are slices of the topic and of the template's text. */
bool topic_template_matches(const struct topic_template *template, struct slice topic,
                            struct topic_names *names);

#endif
