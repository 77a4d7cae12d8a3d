/*
 * map_pointer: the JSON pointers (RFC 6901) of a map's rule as a trie.
 */
#ifndef SENSOR_DECODE_MAP_POINTER_H
#define SENSOR_DECODE_MAP_POINTER_H

#include "map/map.h"

/* A new root; returns its number. */
uint32_t map_pointer_root(struct map *map);

/* Adds the steps of a pointer below a root. Returns the number of the last one, or 0 with *fault, a
 * static text. */
uint32_t map_pointer_add(struct map *map, uint32_t root, struct slice pointer, const char **fault);

/* The pointer's value is wanted: *p gets its slot in the scope. Returns NULL, or what is wrong. */
const char *map_pointer_want(struct map *map, struct map_scope *scope, struct slice pointer,
                             struct map_pointer *p);

/* After all are there: the full names, joined by dots, that pointers take of the object
 * scope->members. */
void map_pointer_except(struct map *map, struct map_scope *scope);

/* The step to a member, or to an item of an array; 0: no pointer goes there. */
uint32_t map_pointer_member(const struct map *map, uint32_t node, struct slice name);
uint32_t map_pointer_item(const struct map *map, uint32_t node, size_t index);

#endif
