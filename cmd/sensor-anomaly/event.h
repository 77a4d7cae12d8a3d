/*
 * event: an anomaly as a reading of its own, to be stored beside the others.
 *
 * Type `anomaly`, schema 1, the sensor and the times of the reading it was found in. The names of
 * its metrics begin with that of the metric: METRIC.score, .kind, .value and .expected (with the
 * unit of the value), .onset. So several events of a sensor at one time do not collide where
 * sensor, metric and time are the key.
 */
#ifndef SENSOR_ANOMALY_EVENT_H
#define SENSOR_ANOMALY_EVENT_H

#include "detector.h"

#include "base/buf.h"
#include "record/record.h"

#include <stdbool.h>

#define EVENT_TYPE SLICE("anomaly")
enum { EVENT_SUFFIX_MAX = sizeof(".expected") - 1 }; /* bytes that are added to names */

/* A whole line. `more`: of the message there follows another reading. `scratch` is overwritten. */
void event_append(struct buf *b, const struct reading *r, const struct metric *m,
                  const struct verdict *v, bool more, struct buf *scratch);

#endif
