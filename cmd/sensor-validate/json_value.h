/*
 * json_value: a JSON text as a tree of values, and when two values are equal.
 *
 * The grammar is that of text/json.h. Besides, a name given twice in an object
 * is a fault, since RFC 8259 leaves open what it means, and so is a number
 * beyond the range of a double. Numbers are kept as written: exact.h reads
 * them.
 */
#ifndef SENSOR_VALIDATE_JSON_VALUE_H
#define SENSOR_VALIDATE_JSON_VALUE_H

#include "exact.h"
#include "pool.h"

#include "base/buf.h"
#include "text/json.h"

enum { JSON_VALUES_MAX = 100 * 1000 }; /* in one text */

struct json_value {
	struct slice name;    /* of a member of an object; else empty */
	struct slice text;    /* as it is written; a string with its quotes */
	double number;        /* of JSON_NUMBER */
	enum json_token kind; /* JSON_OBJECT, _ARRAY, _STRING, _NUMBER, _TRUE, _FALSE or _NULL */
	struct slice string;  /* of JSON_STRING: what it stands for */

	/* Of JSON_OBJECT and JSON_ARRAY: what is in it, as written, and by name. */
	size_t count;
	struct json_value *first, *next;
	struct json_value **sorted;
};

static inline struct exact json_value_exact(const struct json_value *v)
{
	return (struct exact){v->number, v->text};
}

/* The owner of a tree. Zeroed, it is empty; it is used again from one text to the next. */
struct json_tree {
	struct pool pool;
	struct buf scratch;
	const char *fault; /* a static text */
	size_t fault_at;   /* byte of the text */
};

/* The tree of a text, or NULL: t->fault tells. The values point into the text and are valid until
 * the next call. `depth` and `members` bound the containers within each other (up to
 * JSON_DEPTH_MAX) and what is in one of them. */
struct json_value *json_tree_parse(struct json_tree *t, struct slice text, unsigned depth,
                                   size_t members);
void json_tree_free(struct json_tree *t);

/* As JSON Schema has it (Core, section 4.2.2): numbers by value, strings by code points, objects
 * whatever the order of their members. */
bool json_value_equal(const struct json_value *a, const struct json_value *b);

/* Appends a JSON text without the white space between its tokens. */
void json_append_compact(struct buf *out, struct slice text);

#endif
