/*
 * limits: values of keywords that say where a reading becomes suspect and where it fails.
 *
 * Such a value is an object with `suspect`, `fail` or both. What a reader of a
 * limit does not understand is a fault at its place.
 */
#ifndef SENSOR_VALIDATE_LIMITS_H
#define SENSOR_VALIDATE_LIMITS_H

#include "faults.h"
#include "json_value.h"

/* Puts a limit into what `into` points to. */
typedef void limit_reader(const struct json_value *value, void *into, struct faults *faults);

limit_reader limit_span;   /* int64_t: seconds as microseconds */
limit_reader limit_number; /* double: from 0 */
limit_reader limit_range;  /* struct qartod_range: [low, high] */

/* A member such an object may have. */
struct limit {
	const char *name;
	limit_reader *read;
	void *into;
};

/* `limits` ends with a NULL name. */
void limits_read(const struct json_value *value, const struct limit *limits, struct faults *faults);

#endif
