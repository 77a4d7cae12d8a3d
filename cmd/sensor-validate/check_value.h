/*
 * check_value, check_object: the parts that check.h is made of.
 */
#ifndef SENSOR_VALIDATE_CHECK_VALUE_H
#define SENSOR_VALIDATE_CHECK_VALUE_H

#include "check.h"

/* The value against the schema of its place. */
bool check_value(struct check *c, const struct value_schema *v, const struct json_value *x);

/* Begins with the members of an object (of a reading, its metrics). */
void check_object_begin(struct object_schema *o);

/* The schema for the next member of that name, which is noted as seen; NULL after a failure: there
 * is to be no such member. `*guess` is where the property was last time, which is moved on;
 * before the first member it is &o->first. */
const struct value_schema *check_object_member(struct check *c, const struct value_schema *v,
                                               struct property ***guess,
                                               const struct json_value *member);

/* What is to be said when all its `count` members were seen. */
bool check_object_end(struct check *c, const struct value_schema *v, size_t count);

#endif
