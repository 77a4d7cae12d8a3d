/*
 * map: rules that make readings of JSON of any shape; see sensorpipe-map(5).
 *
 * A map is a file. It is read once (map_load()), checked wholly, and compiled:
 * the JSON pointers (RFC 6901) of a rule become a trie, so that a payload is
 * held against all of them in one pass without a tree of it (mapper.h).
 */
#ifndef SENSOR_DECODE_MAP_H
#define SENSOR_DECODE_MAP_H

#include "base/buf.h"
#include "base/slice.h"
#include "content_type.h"
#include "device_time.h"
#include "record/record.h"
#include "topic.h"
#include "json/json_value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	MAP_FILE_MAX = 1 << 20,   /* bytes */
	MAP_RULES_MAX = 64,       /* in a file */
	MAP_METRICS_MAX = 256,    /* in "metrics" */
	MAP_POINTERS_MAX = 512,   /* different ones, in a rule, and in its "each" */
	MAP_ALTERNATIVES_MAX = 8, /* pointers of one metric */
	MAP_WORDS_MAX = 64,       /* in one "words" */
};

/* A part of one of the arrays of struct map. */
struct map_span {
	uint32_t first, count;
};

/* A step of a pointer. Nodes are numbered from 1; 0 is none. */
struct map_node {
	struct slice token;   /* unescaped */
	int64_t index;        /* the token as the position in an array; -1: it is none */
	uint32_t child, next; /* the first one below; the next one beside */
	uint16_t slot;        /* of the value that is wanted; MAP_NO_SLOT */
	bool elements;        /* the array of "each" */
	bool members;         /* the object of "members" */
};
enum { MAP_NO_SLOT = UINT16_MAX };

struct map_pointer {
	bool given;
	struct slice text; /* as it is written, for messages */
	uint16_t slot;
	uint32_t node;
};

/* A name: a constant, or where it stands. Neither: the map does not tell it. */
struct map_source {
	struct slice constant;
	struct map_pointer pointer;
};

/* What a string stands for: a scalar; null is no value. */
struct map_word {
	struct slice word;
	struct json_value value;
};

struct map_time {
	struct map_pointer pointer, nanos;
	bool has_unit;
	enum time_unit unit; /* of numbers */
	struct slice offset; /* of texts without one; empty: refuse them */
	bool required;
};

struct map_quality {
	struct map_pointer pointer;
	struct map_span words;
};

struct map_metric {
	struct slice name;        /* empty: the topic names it */
	struct map_span pointers; /* at most one of them has a value */
	struct slice unit;
	struct map_span words; /* none: strings stay what they are */
	bool required;
};

/* A value that pointers are applied to: the whole payload, or each element of an array. */
struct map_scope {
	uint32_t root; /* node */
	uint16_t slots;
	struct map_source type, sensor, schema;
	struct map_time time;
	struct map_quality quality;
	struct map_span metrics;
	struct map_pointer members; /* an object all of whose members are metrics */
	struct map_span except;     /* but for these full names, which pointers take */
};

struct map_rule {
	struct topic_template topic;
	bool has_type;
	struct content_type type; /* of messages that have none */
	bool may_be_empty;        /* no value at all is no fault: there is nothing to store */
	struct map_scope whole;
	bool has_each;
	struct map_scope each;
};

struct map {
	struct buf file;  /* its text, which most slices point into */
	struct buf texts; /* unescaped ones; as large as they can be from the start */
	size_t rule_count;
	struct map_rule rules[MAP_RULES_MAX];

	/* Arrays of the structs above, and of slices. */
	struct buf nodes, pointers, metrics, words, except;
};

/* The rules of a file; ends the process when it cannot be read (EX_NOINPUT) or is not a map
 * (EX_CONFIG). Else for map_free(). */
struct map *map_load(const char *path);

/* The same from a text. NULL with what is wrong and where ("#/rules/0/topic: ...") in *error. */
struct map *map_read(struct slice text, struct buf *error);

void map_free(struct map *map);

/* The first rule for a topic, with what the topic tells by it; NULL when there is none. */
const struct map_rule *map_rule_for(const struct map *map, struct slice topic,
                                    struct topic_names *names);

/* A number that is a flag of enum quality. */
bool map_is_quality(struct slice number);

/* ---- what spans and numbers mean ---- */

static inline struct map_node *map_node(const struct map *m, uint32_t i)
{
	return (struct map_node *)(void *)m->nodes.ptr + i;
}

static inline const struct map_metric *map_metrics(const struct map *m, struct map_span s)
{
	return (const struct map_metric *)(const void *)m->metrics.ptr + s.first;
}

static inline const struct map_pointer *map_pointers(const struct map *m, struct map_span s)
{
	return (const struct map_pointer *)(const void *)m->pointers.ptr + s.first;
}

static inline const struct map_word *map_words(const struct map *m, struct map_span s)
{
	return (const struct map_word *)(const void *)m->words.ptr + s.first;
}

static inline const struct slice *map_except(const struct map *m, struct map_span s)
{
	return (const struct slice *)(const void *)m->except.ptr + s.first;
}

#endif
