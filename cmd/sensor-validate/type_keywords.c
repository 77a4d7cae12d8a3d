/* The keywords for values of any type: type, const, enum. */
#include "keywords.h"

static unsigned type_named(const struct json_value *name)
{
	static const struct {
		const char *name;
		unsigned bit;
	} types[] = {
	    {"null", TYPE_NULL},       {"boolean", TYPE_BOOLEAN}, {"object", TYPE_OBJECT},
	    {"array", TYPE_ARRAY},     {"number", TYPE_NUMBER},   {"string", TYPE_STRING},
	    {"integer", TYPE_INTEGER},
	};

	if (name->kind != JSON_STRING)
		return 0;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (slice_is(name->string, types[i].name))
			return types[i].bit;
	return 0;
}

/* TYPE_*; 0 after adding a fault. */
static unsigned types_named(const struct json_value *value, struct faults *faults)
{
	unsigned all = 0;

	if (value->kind != JSON_ARRAY) {
		all = type_named(value);
		if (!all)
			faults_add(faults, "must be a type's name, or an array of such");
		return all;
	}
	for (const struct json_value *item = value->first; item; item = item->next) {
		unsigned type = type_named(item);

		if (!type || all & type) {
			faults_add(faults, type ? "names a type twice" : "names an unknown type");
			return 0;
		}
		all |= type;
	}
	if (!all)
		faults_add(faults, "must name at least one type");
	return all;
}

static bool is_root(const struct compiler *c, const struct value_schema *v)
{
	return v == &c->schema->root;
}

static void read_type(struct compiler *c, struct value_schema *v, const struct json_value *value)
{
	v->type = types_named(value, c->faults);
	v->type_text = keyword_text(c, value);
	v->has |= HAS_TYPE;
	if (!v->type || c->use == SCHEMA_OF_VALUES)
		return;
	if (is_root(c, v) && !(v->type & TYPE_OBJECT))
		faults_add(c->faults, "must be \"object\", which is what a reading is");
	if (!is_root(c, v) && !(v->type & TYPE_SCALARS))
		faults_add(c->faults,
		           "no value of a reading is of this type: readings are flat, nested "
		           "metrics have dotted names (\"a.b\")");
}

/* A literal that no metric can be equal to. */
static void refuse_container(struct compiler *c, const struct json_value *literal)
{
	if (c->use == SCHEMA_OF_READINGS &&
	    (literal->kind == JSON_OBJECT || literal->kind == JSON_ARRAY))
		faults_add(c->faults, "no value of a reading is an object or array");
}

static void read_const(struct compiler *c, struct value_schema *v, const struct json_value *value)
{
	v->has |= HAS_CONST;
	v->constant = value;
	v->constant_text = keyword_text(c, value);
	refuse_container(c, value);
}

static void read_enum(struct compiler *c, struct value_schema *v, const struct json_value *value)
{
	size_t index = 0;

	if (keyword_container(value, JSON_ARRAY, c->faults) < 0)
		return;
	v->has |= HAS_ENUM;
	v->enumeration = value;
	v->enumeration_text = keyword_text(c, value);
	for (const struct json_value *item = value->first; item; item = item->next) {
		size_t mark = faults_enter_index(c->faults, index++);

		refuse_container(c, item);
		faults_leave(c->faults, mark);
	}
}

const struct keyword type_keywords[] = {
    {"type", AT_READING | AT_METRIC, read_type},
    {"const", AT_METRIC, read_const},
    {"enum", AT_METRIC, read_enum},
    {NULL, 0, NULL},
};
