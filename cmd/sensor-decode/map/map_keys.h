/*
 * map_keys: the keys of a map's rule that have keys of their own, and what they are made of.
 *
 * All are functions as map_reader.h has them; `into` is a struct map_part.
 */
#ifndef SENSOR_DECODE_MAP_KEYS_H
#define SENSOR_DECODE_MAP_KEYS_H

#include "map/map_reader.h"

/* What is being read: the rule, or its "each". */
struct map_part {
	struct map_rule *rule;
	struct map_scope *scope;
};

map_read_value map_keys_time, map_keys_quality, map_keys_metrics, map_keys_members;

/* A pointer whose value is wanted. */
int map_keys_pointer(struct map_reader *r, enum json_token token, struct map_scope *scope,
                     struct map_pointer *p);

/* An object of words; `words` is empty before. */
int map_keys_words(struct map_reader *r, enum json_token token, struct map_span *words);

#endif
