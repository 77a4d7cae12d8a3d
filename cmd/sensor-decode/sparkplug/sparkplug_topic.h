/*
 * sparkplug_topic: what the topic of a Sparkplug B message tells.
 *
 *   spBv1.0/GROUP/TYPE/NODE[/DEVICE]   TYPE is NBIRTH, NDEATH, NDATA, NCMD of a node; DBIRTH,
 *                                      DDEATH, DDATA, DCMD of a device of it
 *   spBv1.0/STATE/HOST                 whether a host application is there
 *
 * By the Sparkplug specification, version 3.0.0, section 4.
 */
#ifndef SENSOR_DECODE_SPARKPLUG_TOPIC_H
#define SENSOR_DECODE_SPARKPLUG_TOPIC_H

#include "base/slice.h"

#include <stdbool.h>

enum sparkplug_type {
	SPARKPLUG_NBIRTH,
	SPARKPLUG_DBIRTH,
	SPARKPLUG_NDATA,
	SPARKPLUG_DDATA,
	SPARKPLUG_NDEATH,
	SPARKPLUG_DDEATH,
	SPARKPLUG_NCMD,
	SPARKPLUG_DCMD,
	SPARKPLUG_STATE,
};

/* Slices of the topic. */
struct sparkplug_topic {
	enum sparkplug_type type;
	struct slice group, node;
	struct slice device; /* empty: of the node itself */
	struct slice sensor; /* "NODE" or "NODE/DEVICE" */
};

/* Whether the topic is in Sparkplug's namespace, well-formed or not. */
bool sparkplug_topic_matches(struct slice topic);

/* NULL, or what is wrong, a static text. Of a STATE only the type is filled in. */
const char *sparkplug_topic_read(struct slice topic, struct sparkplug_topic *t);

/* "NBIRTH" */
const char *sparkplug_type_name(enum sparkplug_type type);

#endif
