/*
 * memory: what is kept as long as the schemas are. Memory that cannot be had
 * ends the process with EX_OSERR.
 */
#ifndef SENSOR_VALIDATE_MEMORY_H
#define SENSOR_VALIDATE_MEMORY_H

#include "base/slice.h"

#include <stddef.h>

/* `count` zeroed elements, for free(). Never NULL, even of none. */
void *memory_zeroed(size_t count, size_t size);

/* A copy with a NUL after it, for free(). */
char *memory_copy(struct slice bytes);

#endif
