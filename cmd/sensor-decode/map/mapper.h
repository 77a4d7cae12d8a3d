/*
 * mapper: readings from a payload by a rule of a map (map.h).
 *
 * One pass of the parser over the payload, step by step with the trie of the
 * rule's pointers; where no pointer goes, values are passed over. What pointers
 * lead to is noted, as slices of the payload, and becomes a reading at the end
 * of the payload, or of each element of the rule's array. No name may come
 * twice in an object, whether a pointer goes there or not.
 *
 * A payload in plain text is one value; the pointer "" leads to it.
 */
#ifndef SENSOR_DECODE_MAPPER_H
#define SENSOR_DECODE_MAPPER_H

#include "map/map.h"
#include "payload.h"

#include <stdint.h>

/* What the pointers of a scope lead to. A container is the whole of its text. */
struct map_found {
	const struct map_scope *scope;
	struct json_value values[MAP_POINTERS_MAX]; /* by slot; JSON_END: nothing is there */
	struct name_set names; /* of all objects, each with the number of its object */
};

struct mapper {
	struct map_found whole, element;
	const struct map *map;
	const struct map_rule *rule;
	struct payload *p;
	struct json json;
	uint32_t objects;   /* begun so far */
	struct buf key;     /* of a name, with the number of its object */
	struct buf text;    /* of a payload in plain text, as JSON */
	struct buf kept[3]; /* type, sensor, schema of the whole payload */
};

static inline const struct json_value *map_found_at(const struct map_found *found,
                                                    const struct map_pointer *p)
{
	return &found->values[p->slot];
}

/* Nothing is there, or null. */
static inline bool map_is_missing(const struct json_value *v)
{
	return v->token == JSON_END || v->token == JSON_NULL;
}

/* Never NULL; large, and used for all messages. */
struct mapper *mapper_new(void);
void mapper_free(struct mapper *m);

/* The readings of a payload in JSON or plain text. Returns 0, or -1 with the fault set. */
int mapper_decode(struct mapper *m, const struct map *map, const struct map_rule *rule,
                  struct payload *p);

#endif
