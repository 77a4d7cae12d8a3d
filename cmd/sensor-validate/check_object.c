/* The keywords for objects; see check.h. */
#include "check_value.h"

const struct value_schema *object_additional(struct check *c, const struct value_schema *v,
                                             const struct json_value *member)
{
	const struct object_schema *o = v->object;

	if (!o->additional.never)
		return &o->additional;
	failure_begin_value(&c->failure, FAILURE_ADDITIONAL_PROPERTIES, v->place, member->name,
	                    member->text);
	buf_append_string(&c->failure.detail, " is not among the properties");
	return NULL;
}

static bool required_hold(struct check *c, const struct value_schema *v)
{
	const struct object_schema *o = v->object;

	for (size_t i = 0; i < o->required_count; i++) {
		if (o->required[i]->seen_in == o->turn)
			continue;
		failure_begin(&c->failure, FAILURE_REQUIRED, v->place);
		buf_append_slice(&c->failure.detail, o->required[i]->name);
		buf_append_string(&c->failure.detail, " is missing");
		return false;
	}
	return true;
}

static bool dependencies_hold(struct check *c, const struct value_schema *v)
{
	const struct object_schema *o = v->object;

	for (size_t i = 0; i < o->dependency_count; i++) {
		const struct dependency *d = &o->dependencies[i];

		if (d->on->seen_in != o->turn || d->needs->seen_in == o->turn)
			continue;
		failure_begin(&c->failure, FAILURE_DEPENDENT_REQUIRED, v->place);
		buf_append_slice(&c->failure.detail, d->needs->name);
		buf_append_string(&c->failure.detail, " is missing, which there must be with ");
		buf_append_slice(&c->failure.detail, d->on->name);
		return false;
	}
	return true;
}

/* The detail: `COUNT properties are <how> LIMIT`. */
static bool fail_count(struct check *c, enum failure_code code, const struct value_schema *v,
                       size_t count, const char *how, uint64_t limit)
{
	failure_begin(&c->failure, code, v->place);
	buf_printf(&c->failure.detail, "%zu %s ", count,
	           count == 1 ? "property is" : "properties are");
	buf_append_string(&c->failure.detail, how);
	buf_append_u64(&c->failure.detail, limit);
	return false;
}

bool object_end(struct check *c, const struct value_schema *v, size_t count)
{
	const struct object_schema *o = v->object;

	if (!required_hold(c, v) || !dependencies_hold(c, v))
		return false;
	if (count < o->min_properties)
		return fail_count(c, FAILURE_MIN_PROPERTIES, v, count, "fewer than minProperties ",
		                  o->min_properties);
	if (count > o->max_properties)
		return fail_count(c, FAILURE_MAX_PROPERTIES, v, count, "more than maxProperties ",
		                  o->max_properties);
	return true;
}
