/*
 * schema_text: the text of a schema to a tree, more strictly than cJSON alone.
 *
 * cJSON 1.7 takes much that is no JSON (01, raw control characters, invalid
 * UTF-8, NUL as white space), keeps duplicate names, cuts strings at \u0000
 * and rounds numbers. So the text is first scanned by text/json.h and refused
 * when cJSON's tree would not mean what is written.
 */
#ifndef SENSOR_VALIDATE_SCHEMA_TEXT_H
#define SENSOR_VALIDATE_SCHEMA_TEXT_H

#include "faults.h"

#include "base/slice.h"

#include <cjson/cJSON.h>

enum {
	SCHEMA_DEPTH_MAX = 16,     /* containers in each other */
	SCHEMA_MEMBERS_MAX = 1000, /* of one object or array */
};

/* NULL after adding to `faults`; else for cJSON_Delete(). Numbers in the tree are exactly the
 * shortest decimal (number_append()) of their double; names are unique within an object. */
cJSON *schema_text_parse(struct slice text, struct faults *faults);

#endif
