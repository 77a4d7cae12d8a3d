/*
 * schema: a JSON Schema, compiled for checking.
 *
 * A schema is a tree of struct value_schema, each the keywords of one place;
 * those for objects are in a struct object_schema, so that the many places
 * for scalars stay small. For readings the root is of an object, its
 * properties are the metrics, and there is nothing below them. A schema is
 * made by schema_compile() (compile.h) and owned by whoever called it.
 * Checking (check.h) writes to the marks and hints in it, so a schema serves
 * one thread.
 */
#ifndef SENSOR_VALIDATE_SCHEMA_H
#define SENSOR_VALIDATE_SCHEMA_H

#include "exact.h"
#include "json_value.h"
#include "pattern.h"
#include "pool.h"
#include "qartod.h"

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
	HAS_UNIT = 1 << 11,
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

/* All of it is in the schema's memory. */
struct value_schema {
	unsigned has;  /* HAS_* */
	unsigned type; /* TYPE_* */
	bool never;    /* the schema `false` */
	/* A number between these, and neither of them, holds whatever its digits are: rounding to a
	 * double keeps the order. 0 and 0 where every number needs a closer look. */
	double safe_low, safe_high;
	struct exact minimum, maximum, exclusive_minimum, exclusive_maximum;
	struct exact multiple_of;
	struct divisor divisor; /* multiple_of */
	uint64_t min_length, max_length;
	struct pattern *pattern;
	const struct json_value *constant, *enumeration; /* the array */
	struct slice unit;
	struct object_schema *object; /* NULL: no keyword for objects */
	struct qartod_rules *stream;  /* NULL: no stream checks */

	/* For messages. */
	struct slice place; /* JSON pointer to it: "/properties/a" */
	struct slice type_text, constant_text, enumeration_text, pattern_text;
};

/* A name an object_schema knows: from properties, required or dependentRequired. */
struct property {
	struct slice name;
	uint64_t seen_in;          /* turn of the last object that had it */
	struct property *followed; /* the one that came after it then: a guess for the next time */
	bool declared; /* in properties: `value` counts; else additionalProperties does */
	struct value_schema value;
	UT_hash_handle hh;
};

/* Where there is `on`, there must be `needs`. */
struct dependency {
	struct property *on, *needs;
};

struct object_schema {
	struct property *properties; /* a uthash table by name */
	struct property **required;
	size_t required_count;
	struct dependency *dependencies;
	size_t dependency_count;
	struct value_schema additional; /* additionalProperties; without it, empty: anything goes */
	uint64_t min_properties, max_properties;

	uint64_t turn;          /* objects checked so far */
	struct property *first; /* of the last object: a guess for the next */
};

/* What is said of the time of a reading after those of its sensor: GOOD, SUSPECT or FAIL. */
struct order_rules {
	bool made;   /* there are such keywords */
	int64_t gap; /* microseconds; INT64_MAX: no time is one */
	enum quality duplicate, out_of_order;
};

struct schema {
	struct value_schema root;
	/* Microseconds; INT64_MAX without such a limit. */
	struct qartod_spans age, future;
	bool has_stream; /* any keyword for stream.h; then root.object is there */
	struct order_rules order;
	struct slice *compatible; /* versions that may be judged by this one */
	size_t compatible_count;
	struct slice file; /* where it was read from */

	struct json_tree tree; /* what is written, */
	struct pool pool;      /* and what was made of it */
};

struct schema *schema_new(void);
void schema_free(struct schema *s);

/* The keywords of `v` for objects, made where there are none. */
struct object_schema *schema_object(struct schema *s, struct value_schema *v);

/* NULL when the object_schema does not name it. */
struct property *schema_find(const struct object_schema *o, struct slice name);

/* Finds or adds; the name must live as long as the schema. */
struct property *schema_property(struct schema *s, struct object_schema *o, struct slice name);

#endif
