/*
 * check: what no database of this schema can take, found before it is asked.
 */
#ifndef TSDB_COPY_CHECK_H
#define TSDB_COPY_CHECK_H

#include "record/record.h"

#include <stdint.h>

/*
 * Gives NULL and the schema version as a number (SCHEMA_NONE where the reading
 * names none); or the code of the dead letter:
 *
 *   seq-range    the sequence number is over 2^63-1
 *   bad-schema   the schema version is not an integer from 0 to 2^31-1
 *   nul-in-text  a text holds \u0000
 *
 * *detail is then a static text.
 */
const char *check_reading(const struct reading *r, int32_t *schema, const char **detail);

/* The same for the sequence number alone. */
const char *check_seq(uint64_t seq, const char **detail);

#endif
