/*
 * check_value: the parts that check.h is made of.
 */
#ifndef SENSOR_VALIDATE_CHECK_VALUE_H
#define SENSOR_VALIDATE_CHECK_VALUE_H

#include "check.h"

/* The value against the schema of its place. */
bool check_value(struct check *c, const struct value_schema *v, const struct json_value *x);

/* The members of an object (of a reading, its metrics), one after the other. */
struct object_walk {
	const struct value_schema *v; /* of the object; it has keywords for objects */
	struct property **guess;      /* where the next one was last time */
};

static inline void object_begin(struct object_walk *w, const struct value_schema *v)
{
	v->object->turn++;
	w->v = v;
	w->guess = &v->object->first;
}

/* The schema for a member that is not among the properties; NULL after a failure: there is to be
 * none. */
const struct value_schema *object_additional(struct check *c, const struct value_schema *v,
                                             const struct json_value *member);

/* The schema for the next member, which is noted as seen; NULL after a failure. */
static inline const struct value_schema *object_member(struct check *c, struct object_walk *w,
                                                       const struct json_value *member)
{
	struct property *p = *w->guess;

	/* Members mostly come in the order of the object before. */
	if (!p || !slice_equal(p->name, member->name))
		p = *w->guess = schema_find(w->v->object, member->name);
	if (!p)
		return object_additional(c, w->v, member);
	p->seen_in = w->v->object->turn;
	w->guess = &p->followed;
	return p->declared ? &p->value : object_additional(c, w->v, member);
}

/* What is to be said when all its `count` members were seen. */
bool object_end(struct check *c, const struct value_schema *v, size_t count);

#endif
