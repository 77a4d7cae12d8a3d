/*
 * map_rules: what the keys of a map mean; sensorpipe-map(5) lists them.
 */
#ifndef SENSOR_DECODE_MAP_RULES_H
#define SENSOR_DECODE_MAP_RULES_H

#include "map/map_reader.h"

/* Reads the whole text into r->map. Returns 0, or -1 with the error set. */
int map_rules_read(struct map_reader *r);

#endif
