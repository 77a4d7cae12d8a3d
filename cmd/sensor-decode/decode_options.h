/*
 * decode_options: what an operator may choose about decoding.
 */
#ifndef SENSOR_DECODE_DECODE_OPTIONS_H
#define SENSOR_DECODE_DECODE_OPTIONS_H

#include "base/slice.h"
#include "content_type.h"
#include "device_time.h"
#include "map/map.h"
#include "protobuf/proto_schema.h"
#include "topic.h"

#include <stdbool.h>
#include <stddef.h>

enum { DECODE_RULES_MAX = 64 }; /* templates, and default types */

/* Objects in each other; deeper than the most, a path of names would not fit a metric's name. */
enum { DECODE_JSON_DEPTH_DEFAULT = 32, DECODE_JSON_DEPTH_MAX = 127 };

/* Bytes of a payload. */
enum { DECODE_PAYLOAD_DEFAULT = 1 << 20, DECODE_PAYLOAD_MAX = 64 << 20 };

enum { INFLUX_SENSOR_TAGS_MAX = 16 };

struct json_options {
	enum time_unit unit;
	unsigned max_depth; /* of objects and arrays, 1 to DECODE_JSON_DEPTH_MAX */
	bool index_arrays;  /* arrays in objects are taken: "a.0", "a.1" */
};

/* Of messages of the user's own types. */
struct protobuf_options {
	const struct proto_schema *schema; /* NULL: there are none */
	struct slice time_field;           /* empty: "ts", "time" or "timestamp" */
	bool skip_unknown;
	bool zeros; /* a field without presence that was not sent is 0 */
};

/* Of the line protocol. */
struct influx_options {
	enum time_unit precision;
	struct slice sensor_tags[INFLUX_SENSOR_TAGS_MAX]; /* the first one there is names it */
	size_t sensor_tag_count;                          /* 0: see decode_influx.h */
};

struct decode_options {
	struct json_options json;
	struct influx_options influx;
	struct protobuf_options protobuf;
	size_t max_payload;    /* as it came, and decompressed; 0: DECODE_PAYLOAD_MAX */
	size_t max_string;     /* bytes of a value; 0: READINGS_STRING_DEFAULT */
	size_t max_metrics;    /* of a reading; 0: RECORD_METRICS_MAX */
	const struct map *map; /* NULL: there is none */
	struct slice metric; /* name of a value that has none, where the topic gives none either */

	/* First match wins. The texts are not owned and have no fault. */
	struct topic_template templates[DECODE_RULES_MAX];
	size_t template_count;
	struct {
		struct slice filter;
		struct content_type type;
	} defaults[DECODE_RULES_MAX];
	size_t default_count;
};

#endif
