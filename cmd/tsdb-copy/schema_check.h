/*
 * schema_check: whether the schema is one that this tool knows.
 *
 * A later version of sensorpipe may have made it into one in which the rows of
 * this tool would be wrong. A role without the right to read which version it
 * is (tsdb-admin grant gives it) is taken to know what it does.
 */
#ifndef TSDB_COPY_SCHEMA_CHECK_H
#define TSDB_COPY_SCHEMA_CHECK_H

#include "session.h"

/* DB_OK also where there is no schema at all; DB_FATAL when it is a newer one. */
enum db_status schema_check(struct session *s);

#endif
