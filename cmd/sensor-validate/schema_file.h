/*
 * schema_file: a schema from its file.
 */
#ifndef SENSOR_VALIDATE_SCHEMA_FILE_H
#define SENSOR_VALIDATE_SCHEMA_FILE_H

#include "compile.h"

enum { SCHEMA_FILE_MAX = 1024 * 1024 }; /* bytes */

/* NULL after adding all faults found to `faults`; else for schema_free(). */
struct schema *schema_file_load(const char *path, enum schema_use use, struct faults *faults);

#endif
