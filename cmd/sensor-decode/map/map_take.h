/*
 * map_take: readings of what the pointers of a rule have led to.
 */
#ifndef SENSOR_DECODE_MAP_TAKE_H
#define SENSOR_DECODE_MAP_TAKE_H

#include "map/mapper.h"

/* A reading of m->element. Returns 0, or -1 with the fault set. */
int map_take_element(struct mapper *m);

/* What m->whole tells: a reading, or what holds for those of all elements. Comes last. */
int map_take_whole(struct mapper *m);

#endif
