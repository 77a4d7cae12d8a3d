/*
 * decode_options: what an operator may choose about decoding.
 */
#ifndef SENSOR_DECODE_DECODE_OPTIONS_H
#define SENSOR_DECODE_DECODE_OPTIONS_H

#include "base/slice.h"
#include "content_type.h"
#include "device_time.h"

#include <stddef.h>

enum { DECODE_RULES_MAX = 64 }; /* templates, and default types */

/* Objects in each other; deeper than the most, a path of names would not fit a metric's name. */
enum { DECODE_JSON_DEPTH_DEFAULT = 32, DECODE_JSON_DEPTH_MAX = 127 };

struct json_options {
	enum time_unit unit;
	unsigned max_depth; /* 1 to DECODE_JSON_DEPTH_MAX */
};

struct decode_options {
	struct json_options json;

	/* First match wins. The texts are not owned and have no fault. */
	struct slice templates[DECODE_RULES_MAX];
	size_t template_count;
	struct {
		struct slice filter;
		struct content_type type;
	} defaults[DECODE_RULES_MAX];
	size_t default_count;
};

#endif
