/* The keywords for objects: of a reading, which metrics it may and must have. */
#include "keywords.h"

#include "record/record.h"

/* The property of this name; NULL after adding a fault when no metric can have it. */
static struct property *name_property(struct compiler *c, struct object_schema *o,
                                      struct slice name)
{
	const char *wrong = c->use == SCHEMA_OF_READINGS ? record_name_fault(name, true) : NULL;

	if (wrong) {
		faults_add(c->faults, "no metric can have this name: %s", wrong);
		return NULL;
	}
	return schema_property(c->schema, o, name);
}

static void read_properties(struct compiler *c, struct value_schema *v,
                            const struct json_value *value)
{
	struct object_schema *o = schema_object(c->schema, v);

	if (keyword_container(value, JSON_OBJECT, c->faults) < 0)
		return;
	for (const struct json_value *member = value->first; member; member = member->next) {
		size_t mark = faults_enter(c->faults, member->name);
		struct property *p = name_property(c, o, member->name);

		if (p) {
			p->declared = true;
			keywords_read(c, &p->value, AT_METRIC, member);
		}
		faults_leave(c->faults, mark);
	}
}

/* An item of an array of unique names. */
static struct property *read_name(struct compiler *c, struct object_schema *o,
                                  const struct json_value *array, const struct json_value *item)
{
	struct slice name;

	if (keyword_string(item, &name, c->faults) < 0)
		return NULL;
	for (const struct json_value *other = array->first; other != item; other = other->next) {
		if (json_value_equal(other, item)) {
			faults_add(c->faults, "this name is given twice");
			return NULL;
		}
	}
	return name_property(c, o, name);
}

static void read_required(struct compiler *c, struct value_schema *v,
                          const struct json_value *value)
{
	struct object_schema *o = schema_object(c->schema, v);
	size_t index = 0;

	if (keyword_container(value, JSON_ARRAY, c->faults) < 0)
		return;
	o->required = pool_zeroed(&c->schema->pool, value->count, sizeof(struct property *));
	for (const struct json_value *item = value->first; item; item = item->next) {
		size_t mark = faults_enter_index(c->faults, index++);
		struct property *p = read_name(c, o, value, item);

		if (p)
			o->required[o->required_count++] = p;
		faults_leave(c->faults, mark);
	}
}

/* One member of dependentRequired: where there is `on`, the names in the array must be. */
static void read_dependencies(struct compiler *c, struct object_schema *o, struct property *on,
                              const struct json_value *array)
{
	size_t index = 0;

	for (const struct json_value *item = array->first; item; item = item->next) {
		size_t mark = faults_enter_index(c->faults, index++);
		struct property *needs = read_name(c, o, array, item);

		if (needs)
			o->dependencies[o->dependency_count++] = (struct dependency){on, needs};
		faults_leave(c->faults, mark);
	}
}

static void read_dependent_required(struct compiler *c, struct value_schema *v,
                                    const struct json_value *value)
{
	struct object_schema *o = schema_object(c->schema, v);
	size_t most = 0;

	if (keyword_container(value, JSON_OBJECT, c->faults) < 0)
		return;
	for (const struct json_value *member = value->first; member; member = member->next)
		most += member->count;
	o->dependencies = pool_zeroed(&c->schema->pool, most, sizeof(*o->dependencies));
	for (const struct json_value *member = value->first; member; member = member->next) {
		size_t mark = faults_enter(c->faults, member->name);
		struct property *on = name_property(c, o, member->name);

		if (keyword_container(member, JSON_ARRAY, c->faults) == 0 && on)
			read_dependencies(c, o, on, member);
		faults_leave(c->faults, mark);
	}
}

static void read_additional(struct compiler *c, struct value_schema *v,
                            const struct json_value *value)
{
	keywords_read(c, &schema_object(c->schema, v)->additional, AT_METRIC, value);
}

static void read_min_properties(struct compiler *c, struct value_schema *v,
                                const struct json_value *value)
{
	keyword_count(value, &schema_object(c->schema, v)->min_properties, c->faults);
}

static void read_max_properties(struct compiler *c, struct value_schema *v,
                                const struct json_value *value)
{
	keyword_count(value, &schema_object(c->schema, v)->max_properties, c->faults);
}

const struct keyword object_keywords[] = {
    {"properties", AT_READING, read_properties},
    {"required", AT_READING, read_required},
    {"dependentRequired", AT_READING, read_dependent_required},
    {"additionalProperties", AT_READING, read_additional},
    {"minProperties", AT_READING, read_min_properties},
    {"maxProperties", AT_READING, read_max_properties},
    {NULL, 0, NULL},
};
