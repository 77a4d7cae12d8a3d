/*
 * keywords: reading the members of a schema object by tables of keywords.
 *
 * A reader checks the value of its keyword and puts it into the value_schema
 * or the schema, or adds a fault at the place, which faults_enter() has set
 * already. A keyword that is in no table is a fault: what is not understood is
 * never passed over.
 */
#ifndef SENSOR_VALIDATE_KEYWORDS_H
#define SENSOR_VALIDATE_KEYWORDS_H

#include "compile.h"
#include "faults.h"
#include "schema.h"

struct compiler {
	struct schema *schema;
	enum schema_use use;
	struct faults *faults;
};

typedef void keyword_reader(struct compiler *c, struct value_schema *v,
                            const struct json_value *value);

/* Where a keyword has an effect in a schema of readings. In one of values it may stand anywhere. */
enum {
	AT_READING = 1 << 0, /* at the root */
	AT_METRIC = 1 << 1,  /* below properties or additionalProperties */
};

struct keyword {
	const char *name;
	unsigned where; /* AT_* */
	keyword_reader *read;
};

/* The tables, by what they say something about; each ends with a NULL name. */
extern const struct keyword type_keywords[], scalar_keywords[], object_keywords[],
    reading_keywords[], stream_keywords[], annotation_keywords[];

/* Reads a schema (an object or a boolean) at a place, AT_*. */
void keywords_read(struct compiler *c, struct value_schema *v, unsigned where,
                   const struct json_value *node);

/* Values several keywords have; 0, or -1 after adding a fault. */
int keyword_count(const struct json_value *value, uint64_t *count, struct faults *faults);
int keyword_number(const struct json_value *value, struct exact *number, struct faults *faults);
int keyword_string(const struct json_value *value, struct slice *string, struct faults *faults);

/* 0 when it is of the kind, JSON_OBJECT or JSON_ARRAY; else -1 after adding a fault. */
int keyword_container(const struct json_value *value, enum json_token kind, struct faults *faults);

/* The value as JSON without white space, in the schema's memory. */
struct slice keyword_text(struct compiler *c, const struct json_value *value);

#endif
