/*
 * schema_set: the schemas of a directory, DIR/TYPE/VERSION.json, by type and version.
 *
 * All are read at once: what a record names is looked up in a table and never
 * becomes a file name. Names that start with '.' or end with '~' are passed
 * over (version control, editors, the ..data of a mounted ConfigMap); anything
 * else that is no schema is a fault.
 *
 * A version that has no schema may be judged by that of another one, which
 * names it in x-compatible-with. Two that name the same one are a fault.
 */
#ifndef SENSOR_VALIDATE_SCHEMA_SET_H
#define SENSOR_VALIDATE_SCHEMA_SET_H

#include "faults.h"
#include "schema.h"

#include "base/slice.h"

struct schema_set;

/* NULL after adding all faults of all files to `faults`. */
struct schema_set *schema_set_load(const char *dir, struct faults *faults);
void schema_set_free(struct schema_set *set);

/* How many schemas there are. */
size_t schema_set_count(const struct schema_set *set);

/* The version a reading has that names none. */
#define SCHEMA_VERSION_DEFAULT SLICE("1")

/* NULL when there is none; *type_known then tells whether there is another version. */
struct schema *schema_set_find(struct schema_set *set, struct slice type, struct slice version,
                               bool *type_known);

#endif
