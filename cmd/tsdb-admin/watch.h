/*
 * watch: looks at something again and again until it is told to stop.
 */
#ifndef SENSORPIPE_TSDB_ADMIN_WATCH_H
#define SENSORPIPE_TSDB_ADMIN_WATCH_H

#include <stdint.h>

#define WATCH_DEFAULT INT64_C(5000000) /* microseconds */
#define WATCH_LEAST   0.1              /* seconds */
#define WATCH_MOST    86400            /* seconds */

/* Calls look(arg) at once, and then `every` so many microseconds; one that takes longer is followed
 * by the next at once. Returns after SIGTERM or SIGINT. */
void watch_run(int64_t every, void (*look)(void *arg), void *arg);

#endif
