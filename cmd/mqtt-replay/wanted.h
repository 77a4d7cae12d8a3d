/*
 * wanted: which messages are to be replayed, by number, time of arrival and topic.
 */
#ifndef MQTT_REPLAY_WANTED_H
#define MQTT_REPLAY_WANTED_H

#include "base/slice.h"
#include "record/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WANTED_TOPICS_MAX = 64 };

struct wanted {
	uint64_t after;   /* only higher numbers; 0: all, also those without */
	int64_t from, to; /* [from, to), microseconds */
	struct slice topics[WANTED_TOPICS_MAX]; /* without a fault; one has to match */
	size_t topic_count;                     /* 0: all topics */
};

bool wanted_takes(const struct wanted *w, const struct message *m);

#endif
