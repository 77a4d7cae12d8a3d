/*
 * check: does a reading hold against its schema?
 *
 * The first failure decides: the time (x-max-age, x-max-future), the metrics
 * in the order of the record, then required, dependentRequired, minProperties
 * and maxProperties. Nothing is allocated once the buffers have grown.
 */
#ifndef SENSOR_VALIDATE_CHECK_H
#define SENSOR_VALIDATE_CHECK_H

#include "failure.h"
#include "schema.h"

#include "base/buf.h"
#include "record/record.h"

struct check {
	struct failure failure; /* of the last check that failed */
	struct buf unescaped;   /* the string being checked */
};

/* True when the reading holds; else c->failure tells why not. */
bool check_reading(struct check *c, struct schema *s, const struct reading *r);

/* The same for one value by itself; `name` is for the detail. */
bool check_value(struct check *c, const struct value_schema *v, const struct metric *value);

void check_free(struct check *c);

#endif
