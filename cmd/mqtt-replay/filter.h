/*
 * filter: which messages are wanted, by number, time of arrival and topic.
 */
#ifndef MQTT_REPLAY_FILTER_H
#define MQTT_REPLAY_FILTER_H

#include "base/slice.h"
#include "record/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FILTER_TOPICS_MAX = 64 };

struct filter {
	uint64_t after;   /* only higher numbers; 0: all, also those without */
	int64_t from, to; /* [from, to), microseconds */
	struct slice topics[FILTER_TOPICS_MAX]; /* without a fault; one has to match */
	size_t topic_count;                     /* 0: all topics */
};

bool filter_takes(const struct filter *f, const struct message *m);

#endif
