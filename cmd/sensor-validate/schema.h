/*
 * schema: a JSON Schema of one kind of reading, compiled for checking.
 *
 * A reading is a flat object: its schema has keywords for the object (struct
 * schema) and, below "properties" and "additionalProperties", keywords for the
 * values (struct value_schema). A schema is made by schema_compile() and owned
 * by whoever called it. Checking a reading (check.h) writes to the marks and
 * hints in it, so a schema serves one thread.
 */
#ifndef SENSOR_VALIDATE_SCHEMA_H
#define SENSOR_VALIDATE_SCHEMA_H

#include "exact.h"
#include "pattern.h"

#include "record/record.h"

#include <stdbool.h>
#include <stdint.h>
#include <uthash.h>

/* The keywords a value_schema has. */
enum {
	HAS_TYPE = 1 << 0,
	HAS_CONST = 1 << 1,
	HAS_ENUM = 1 << 2,
	HAS_MINIMUM = 1 << 3,
	HAS_MAXIMUM = 1 << 4,
	HAS_EXCLUSIVE_MINIMUM = 1 << 5,
	HAS_EXCLUSIVE_MAXIMUM = 1 << 6,
	HAS_MULTIPLE_OF = 1 << 7,
	HAS_MIN_LENGTH = 1 << 8,
	HAS_MAX_LENGTH = 1 << 9,
	HAS_PATTERN = 1 << 10,
};

/* The types of JSON Schema. */
enum {
	TYPE_NULL = 1 << 0,
	TYPE_BOOLEAN = 1 << 1,
	TYPE_OBJECT = 1 << 2,
	TYPE_ARRAY = 1 << 3,
	TYPE_NUMBER = 1 << 4,
	TYPE_STRING = 1 << 5,
	TYPE_INTEGER = 1 << 6,
	TYPE_SCALARS = TYPE_BOOLEAN | TYPE_NUMBER | TYPE_STRING | TYPE_INTEGER,
};

/* A number in a schema: every one of them is exactly the shortest text of its double. */
struct limit {
	double value;
	size_t len;
	char text[32];
};

static inline struct exact limit_exact(const struct limit *l)
{
	return (struct exact){l->value, {l->text, l->len}};
}

/* A scalar in const or enum. */
struct literal {
	enum value_kind kind;
	struct limit number; /* VALUE_NUMBER */
	struct slice string; /* VALUE_STRING: its bytes, owned */
};

struct literals {
	struct literal *items;
	size_t count; /* null is among no reading's values and not kept */
	char *text;   /* as JSON, for messages */
};

struct value_schema {
	bool never;    /* the schema `false` */
	unsigned has;  /* HAS_* */
	unsigned type; /* TYPE_* */
	char *type_text;
	struct literals constant, enumeration;
	struct limit minimum, maximum, exclusive_minimum, exclusive_maximum;
	struct limit multiple_of;
	struct divisor divisor; /* multiple_of */
	uint64_t min_length, max_length;
	struct pattern *pattern;
	char *pattern_text;
};

/* A metric name the schema knows: from properties, required or dependentRequired. */
struct property {
	struct slice name; /* owned */
	bool declared;     /* in properties: `value` counts; else additionalProperties does */
	struct value_schema value;
	uint64_t seen_in;          /* number of the last reading with this metric */
	struct property *followed; /* the one that came after it then: a guess for the next time */
	UT_hash_handle hh;
};

/* Where there is `on`, there must be `needs`. */
struct dependency {
	struct property *on, *needs;
};

struct schema {
	bool never;                  /* the schema `false` */
	struct property *properties; /* a uthash table by name */
	struct property **required;
	size_t required_count;
	struct dependency *dependencies;
	size_t dependency_count;
	struct value_schema additional; /* additionalProperties; without it, empty: anything goes */
	uint64_t min_properties, max_properties;
	int64_t max_age, max_future; /* microseconds; INT64_MAX without such a limit */

	uint64_t readings;      /* checked so far */
	struct property *first; /* of the last reading: a guess for the next */
};

struct schema *schema_new(void);
void schema_free(struct schema *s);

/* NULL when the schema does not name it. */
struct property *schema_find(const struct schema *s, struct slice name);

/* Finds or adds; the name is copied. */
struct property *schema_property(struct schema *s, struct slice name);

#endif
