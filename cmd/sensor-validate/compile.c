/* The keywords of a schema for a whole reading; see compile.h. */
#include "compile.h"

#include "keywords.h"
#include "memory.h"
#include "schema_text.h"

#include <stdlib.h>

#define DIALECT "https://json-schema.org/draft/2020-12/schema"

static void read_dialect(void *target, const cJSON *value, struct faults *faults)
{
	(void)target;
	if (!cJSON_IsString(value) || (strcmp(value->valuestring, DIALECT) != 0 &&
	                               strcmp(value->valuestring, DIALECT "#") != 0))
		faults_add(faults, "must be \"" DIALECT "\"");
}

static void read_type(void *target, const cJSON *value, struct faults *faults)
{
	unsigned type = keyword_type(value, faults);

	(void)target;
	if (type && !(type & TYPE_OBJECT))
		faults_add(faults, "must be \"object\", which is what a reading is");
}

/* The property of this name; NULL after adding a fault when no metric can have it. */
static struct property *name_property(struct schema *s, const char *name, struct faults *faults)
{
	const char *wrong = record_name_fault(slice_of(name), true);

	if (wrong) {
		faults_add(faults, "no metric can have this name: %s", wrong);
		return NULL;
	}
	return schema_property(s, slice_of(name));
}

static void read_properties(void *target, const cJSON *value, struct faults *faults)
{
	struct schema *s = target;
	const cJSON *member;

	if (!cJSON_IsObject(value)) {
		faults_add(faults, "must be an object");
		return;
	}
	cJSON_ArrayForEach(member, value)
	{
		size_t mark = faults_enter(faults, member->string);
		struct property *p = name_property(s, member->string, faults);

		if (p) {
			p->declared = true;
			value_schema_read(member, &p->value, faults);
		}
		faults_leave(faults, mark);
	}
}

/* An item of an array of unique names. */
static struct property *read_name(struct schema *s, const cJSON *array, const cJSON *item,
                                  struct faults *faults)
{
	if (!cJSON_IsString(item)) {
		faults_add(faults, "must be a string");
		return NULL;
	}
	for (const cJSON *other = array->child; other != item; other = other->next) {
		if (cJSON_IsString(other) && strcmp(other->valuestring, item->valuestring) == 0) {
			faults_add(faults, "this name is given twice");
			return NULL;
		}
	}
	return name_property(s, item->valuestring, faults);
}

static void read_required(void *target, const cJSON *value, struct faults *faults)
{
	struct schema *s = target;
	size_t index = 0;
	const cJSON *item;

	if (!cJSON_IsArray(value)) {
		faults_add(faults, "must be an array");
		return;
	}
	s->required = memory_zeroed((size_t)cJSON_GetArraySize(value), sizeof(struct property *));
	cJSON_ArrayForEach(item, value)
	{
		size_t mark = faults_enter_index(faults, index++);
		struct property *p = read_name(s, value, item, faults);

		if (p)
			s->required[s->required_count++] = p;
		faults_leave(faults, mark);
	}
}

/* One member of dependentRequired: where there is `on`, the names in the array must be. */
static void read_dependencies(struct schema *s, struct property *on, const cJSON *array,
                              struct faults *faults)
{
	size_t index = 0;
	const cJSON *item;

	cJSON_ArrayForEach(item, array)
	{
		size_t mark = faults_enter_index(faults, index++);
		struct property *needs = read_name(s, array, item, faults);

		if (needs)
			s->dependencies[s->dependency_count++] = (struct dependency){on, needs};
		faults_leave(faults, mark);
	}
}

static void read_dependent_required(void *target, const cJSON *value, struct faults *faults)
{
	struct schema *s = target;
	size_t most = 0;
	const cJSON *member;

	if (!cJSON_IsObject(value)) {
		faults_add(faults, "must be an object");
		return;
	}
	cJSON_ArrayForEach(member, value) most += (size_t)cJSON_GetArraySize(member);
	s->dependencies = memory_zeroed(most, sizeof(*s->dependencies));
	cJSON_ArrayForEach(member, value)
	{
		size_t mark = faults_enter(faults, member->string);
		struct property *on = name_property(s, member->string, faults);

		if (!cJSON_IsArray(member))
			faults_add(faults, "must be an array");
		else if (on)
			read_dependencies(s, on, member, faults);
		faults_leave(faults, mark);
	}
}

static void read_additional(void *target, const cJSON *value, struct faults *faults)
{
	value_schema_read(value, &((struct schema *)target)->additional, faults);
}

static void read_min_properties(void *target, const cJSON *value, struct faults *faults)
{
	keyword_count(value, &((struct schema *)target)->min_properties, faults);
}

static void read_max_properties(void *target, const cJSON *value, struct faults *faults)
{
	keyword_count(value, &((struct schema *)target)->max_properties, faults);
}

/* Seconds, fractions allowed, to microseconds. */
static void read_span(const cJSON *value, int64_t *us, struct faults *faults)
{
	const double most = 1e10; /* 300 years; over it there is no reason for a limit */

	if (!cJSON_IsNumber(value) || value->valuedouble < 0 || value->valuedouble > most)
		faults_add(faults, "must be a number of seconds from 0 to 1e10");
	else
		*us = (int64_t)(value->valuedouble * 1e6 + 0.5);
}

static void read_max_age(void *target, const cJSON *value, struct faults *faults)
{
	read_span(value, &((struct schema *)target)->max_age, faults);
}

static void read_max_future(void *target, const cJSON *value, struct faults *faults)
{
	read_span(value, &((struct schema *)target)->max_future, faults);
}

const struct keyword reading_keywords[] = {
    {"$schema", read_dialect},
    {"$id", keyword_string},
    {"type", read_type},
    {"properties", read_properties},
    {"required", read_required},
    {"dependentRequired", read_dependent_required},
    {"additionalProperties", read_additional},
    {"minProperties", read_min_properties},
    {"maxProperties", read_max_properties},
    {"x-max-age", read_max_age},
    {"x-max-future", read_max_future},
    {"title", keyword_string},
    {"description", keyword_string},
    {"$comment", keyword_string},
    {"default", keyword_anything},
    {"examples", keyword_array},
    {NULL, NULL},
};

struct schema *schema_compile(struct slice text, struct faults *faults)
{
	unsigned before = faults->count;
	cJSON *tree = schema_text_parse(text, faults);
	struct schema *s;

	if (!tree)
		return NULL;
	s = schema_new();
	if (cJSON_IsBool(tree))
		s->never = cJSON_IsFalse(tree);
	else if (cJSON_IsObject(tree))
		keywords_read(tree, reading_keywords, s, value_keywords,
		              "has no effect on a reading as a whole: it belongs below properties",
		              faults);
	else
		faults_add(faults, "must be a schema: an object, true or false");
	cJSON_Delete(tree);
	if (faults->count == before)
		return s;
	schema_free(s);
	return NULL;
}
