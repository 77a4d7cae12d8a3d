/*
 * instant: a point in time as an operator writes it.
 *
 *   2026-01-31T12:00:00Z   RFC 3339, with any offset
 *   now
 *   -30m                   so long ago; units s, m, h, d, w
 */
#ifndef MQTT_REPLAY_INSTANT_H
#define MQTT_REPLAY_INSTANT_H

#include "base/slice.h"

#include <stdint.h>

/* Microseconds since 1970; `now` is the present. 0, or -1: it is none, or before the year 1. */
int instant_parse(struct slice text, int64_t now, int64_t *us);

#endif
