/*
 * stream_failure: what a dead letter says of a reading that failed a stream check (stream.h).
 */
#ifndef SENSOR_VALIDATE_STREAM_FAILURE_H
#define SENSOR_VALIDATE_STREAM_FAILURE_H

#include "failure.h"
#include "schema.h"

#include "record/record.h"

/* The reading is not after the newest one of its sensor. */
void stream_fail_order(struct failure *f, const struct reading *r, int64_t newest);

/* The metric failed verdict->check. */
void stream_fail_value(struct failure *f, const struct value_schema *v, const struct metric *m,
                       const struct qartod_verdict *verdict);

#endif
