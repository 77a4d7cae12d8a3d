/*
 * check: does a reading, or any JSON value, hold against its schema?
 *
 * The first failure decides. Of a reading: the time (x-max-age,
 * x-max-future), the metrics in the order of the record, then required,
 * dependentRequired, minProperties and maxProperties. Of a metric: its unit,
 * then its value. Of a value: type, const, enum, then what is for its type; of
 * an object, its members in their order, then the rest as of a reading.
 * Nothing is allocated once the buffers have grown.
 */
#ifndef SENSOR_VALIDATE_CHECK_H
#define SENSOR_VALIDATE_CHECK_H

#include "failure.h"
#include "schema.h"

#include "base/buf.h"
#include "record/record.h"

struct check {
	struct failure failure; /* of the last check that failed */
	struct buf at;          /* JSON pointer to the value that failed; not set for readings */
	struct buf unescaped;   /* the string being checked */
};

/* True when the reading holds; else c->failure tells why not. */
bool check_reading(struct check *c, struct schema *s, const struct reading *r);

/* The same for a value by itself, against the schema's keywords of JSON Schema; those for readings
 * only (x-...) say nothing about it. */
bool check_document(struct check *c, struct schema *s, const struct json_value *value);

void check_free(struct check *c);

#endif
