/* The keywords of a schema for one value; see keywords.h. */
#include "keywords.h"

#include "memory.h"

#include "base/msg.h"

#include <stdlib.h>

/* The value as JSON, owned by the caller. */
static char *print(const cJSON *value)
{
	char *text = cJSON_PrintUnformatted(value);

	if (!text)
		msg_die(EX_OSERR, "out of memory");
	return text;
}

static void read_type(void *target, const cJSON *value, struct faults *faults)
{
	struct value_schema *v = target;

	v->type = keyword_type(value, faults);
	v->type_text = print(value);
	v->has |= HAS_TYPE;
	if (v->type && !(v->type & TYPE_SCALARS))
		faults_add(faults,
		           "no value of a reading is of this type: readings are flat, nested "
		           "metrics have dotted names (\"a.b\")");
}

/* Keeps a literal; null, which no reading has, is left out. */
static void add_literal(struct literals *l, const cJSON *value, struct faults *faults)
{
	struct literal *item = &l->items[l->count];

	if (cJSON_IsNull(value))
		return;
	if (cJSON_IsBool(value)) {
		item->kind = cJSON_IsTrue(value) ? VALUE_TRUE : VALUE_FALSE;
	} else if (cJSON_IsNumber(value)) {
		item->kind = VALUE_NUMBER;
		keyword_number(value, &item->number, faults);
	} else if (cJSON_IsString(value)) {
		struct slice string = slice_of(value->valuestring);

		item->kind = VALUE_STRING;
		item->string = (struct slice){memory_copy(string), string.len};
	} else {
		faults_add(faults, "no value of a reading is an object or array");
		return;
	}
	l->count++;
}

static void read_const(void *target, const cJSON *value, struct faults *faults)
{
	struct value_schema *v = target;

	v->constant.items = memory_zeroed(1, sizeof(struct literal));
	v->constant.text = print(value);
	v->has |= HAS_CONST;
	add_literal(&v->constant, value, faults);
}

static void read_enum(void *target, const cJSON *value, struct faults *faults)
{
	struct value_schema *v = target;
	size_t index = 0;
	const cJSON *item;

	if (!cJSON_IsArray(value)) {
		faults_add(faults, "must be an array");
		return;
	}
	v->enumeration.items = memory_zeroed((size_t)cJSON_GetArraySize(value),
	                                     sizeof(struct literal));
	v->enumeration.text = print(value);
	v->has |= HAS_ENUM;
	cJSON_ArrayForEach(item, value)
	{
		size_t mark = faults_enter_index(faults, index++);

		add_literal(&v->enumeration, item, faults);
		faults_leave(faults, mark);
	}
}

static void read_minimum(void *target, const cJSON *value, struct faults *faults)
{
	struct value_schema *v = target;

	v->has |= HAS_MINIMUM;
	keyword_number(value, &v->minimum, faults);
}

static void read_maximum(void *target, const cJSON *value, struct faults *faults)
{
	struct value_schema *v = target;

	v->has |= HAS_MAXIMUM;
	keyword_number(value, &v->maximum, faults);
}

static void read_exclusive_minimum(void *target, const cJSON *value, struct faults *faults)
{
	struct value_schema *v = target;

	v->has |= HAS_EXCLUSIVE_MINIMUM;
	keyword_number(value, &v->exclusive_minimum, faults);
}

static void read_exclusive_maximum(void *target, const cJSON *value, struct faults *faults)
{
	struct value_schema *v = target;

	v->has |= HAS_EXCLUSIVE_MAXIMUM;
	keyword_number(value, &v->exclusive_maximum, faults);
}

static void read_multiple_of(void *target, const cJSON *value, struct faults *faults)
{
	struct value_schema *v = target;

	v->has |= HAS_MULTIPLE_OF;
	if (keyword_number(value, &v->multiple_of, faults) == 0 &&
	    divisor_set(&v->divisor, limit_exact(&v->multiple_of)) < 0)
		faults_add(faults, "must be over 0");
}

static void read_min_length(void *target, const cJSON *value, struct faults *faults)
{
	struct value_schema *v = target;

	v->has |= HAS_MIN_LENGTH;
	keyword_count(value, &v->min_length, faults);
}

static void read_max_length(void *target, const cJSON *value, struct faults *faults)
{
	struct value_schema *v = target;

	v->has |= HAS_MAX_LENGTH;
	keyword_count(value, &v->max_length, faults);
}

static void read_pattern(void *target, const cJSON *value, struct faults *faults)
{
	struct value_schema *v = target;
	char why[256];

	if (!cJSON_IsString(value)) {
		faults_add(faults, "must be a string");
		return;
	}
	v->has |= HAS_PATTERN;
	v->pattern_text = print(value);
	v->pattern = pattern_compile(slice_of(value->valuestring), why, sizeof(why));
	if (!v->pattern)
		faults_add(faults, "broken pattern: %s", why);
}

const struct keyword value_keywords[] = {
    {"type", read_type},
    {"const", read_const},
    {"enum", read_enum},
    {"minimum", read_minimum},
    {"maximum", read_maximum},
    {"exclusiveMinimum", read_exclusive_minimum},
    {"exclusiveMaximum", read_exclusive_maximum},
    {"multipleOf", read_multiple_of},
    {"minLength", read_min_length},
    {"maxLength", read_max_length},
    {"pattern", read_pattern},
    {"title", keyword_string},
    {"description", keyword_string},
    {"$comment", keyword_string},
    {"default", keyword_anything},
    {"examples", keyword_array},
    {"x-unit", keyword_string},
    {NULL, NULL},
};

void value_schema_read(const cJSON *node, struct value_schema *v, struct faults *faults)
{
	if (cJSON_IsBool(node))
		v->never = cJSON_IsFalse(node);
	else if (cJSON_IsObject(node))
		keywords_read(node, value_keywords, v, reading_keywords,
		              "has no effect on a value: readings are flat, nested metrics have "
		              "dotted names (\"a.b\")",
		              faults);
	else
		faults_add(faults, "must be a schema: an object, true or false");
}
