/* The keywords that only tell something to those who read the schema: their values are checked. */
#include "keywords.h"

#define DIALECT "https://json-schema.org/draft/2020-12/schema"

static void read_dialect(struct compiler *c, struct value_schema *v, const struct json_value *value)
{
	(void)v;
	if (value->kind != JSON_STRING ||
	    (!slice_is(value->string, DIALECT) && !slice_is(value->string, DIALECT "#")))
		faults_add(c->faults, "must be \"" DIALECT "\"");
}

static void read_string(struct compiler *c, struct value_schema *v, const struct json_value *value)
{
	struct slice string;

	(void)v;
	keyword_string(value, &string, c->faults);
}

static void read_array(struct compiler *c, struct value_schema *v, const struct json_value *value)
{
	(void)v;
	keyword_container(value, JSON_ARRAY, c->faults);
}

static void read_boolean(struct compiler *c, struct value_schema *v, const struct json_value *value)
{
	(void)v;
	if (value->kind != JSON_TRUE && value->kind != JSON_FALSE)
		faults_add(c->faults, "must be true or false");
}

static void read_anything(struct compiler *c, struct value_schema *v,
                          const struct json_value *value)
{
	(void)c;
	(void)v;
	(void)value;
}

const struct keyword annotation_keywords[] = {
    {"$schema", AT_READING, read_dialect},
    {"$id", AT_READING, read_string},
    {"$comment", AT_READING | AT_METRIC, read_string},
    {"title", AT_READING | AT_METRIC, read_string},
    {"description", AT_READING | AT_METRIC, read_string},
    {"default", AT_READING | AT_METRIC, read_anything},
    {"examples", AT_READING | AT_METRIC, read_array},
    {"deprecated", AT_READING | AT_METRIC, read_boolean},
    {"readOnly", AT_READING | AT_METRIC, read_boolean},
    {"writeOnly", AT_READING | AT_METRIC, read_boolean},
    {"format", AT_METRIC, read_string},
    {"contentMediaType", AT_METRIC, read_string},
    {"contentEncoding", AT_METRIC, read_string},
    {NULL, 0, NULL},
};
