/*
 * keywords: reading the members of a schema object by a table of keywords.
 *
 * A reader checks the value of its keyword and puts it into `target`, or adds
 * a fault at the place, which faults_enter() has set already. A keyword that
 * is in no table is a fault: what is not understood is never passed over.
 */
#ifndef SENSOR_VALIDATE_KEYWORDS_H
#define SENSOR_VALIDATE_KEYWORDS_H

#include "faults.h"
#include "schema.h"

#include <cjson/cJSON.h>

typedef void keyword_reader(void *target, const cJSON *value, struct faults *faults);

struct keyword {
	const char *name;
	keyword_reader *read;
};

/* Tables end with a NULL name. Of a keyword that is only in `elsewhere` the fault says `where`. */
void keywords_read(const cJSON *object, const struct keyword *table, void *target,
                   const struct keyword *elsewhere, const char *where, struct faults *faults);

/* Readers of keywords that only annotate; they use no target. */
keyword_reader keyword_string;   /* title, description, $comment, $id, x-unit: any string */
keyword_reader keyword_anything; /* default */
keyword_reader keyword_array;    /* examples */

/* Values several keywords have; 0, or -1 after adding a fault. */
int keyword_count(const cJSON *value, uint64_t *count, struct faults *faults);
int keyword_number(const cJSON *value, struct limit *limit, struct faults *faults);

/* The value of `type`, TYPE_*; 0 after adding a fault. */
unsigned keyword_type(const cJSON *value, struct faults *faults);

/* The keywords of a schema for values, and of one for objects. */
extern const struct keyword value_keywords[], reading_keywords[];

/* Reads a subschema (an object or a boolean) for values. */
void value_schema_read(const cJSON *node, struct value_schema *v, struct faults *faults);

#endif
