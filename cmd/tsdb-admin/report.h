/*
 * report: query results as text for people, or as JSON for machines. No I/O: appends to a buffer.
 *
 * A result of one row is a record (an object, a list of `name: value`); a table
 * is any number of rows (an array of objects, aligned columns). In JSON a
 * column keeps its name, and its type decides: integers, floats and numerics are
 * numbers, booleans true or false, the rest strings, nulls null. In text an
 * underscore in a name is a space, and the end of the name decides: `_bytes`
 * are shown as 1.5 MB and `_seconds` as 2 h 5 min, without that ending; null is "-";
 * control characters are escaped as in records.
 */
#ifndef SENSORPIPE_TSDB_ADMIN_REPORT_H
#define SENSORPIPE_TSDB_ADMIN_REPORT_H

#include "base/buf.h"
#include "link/pg.h"
#include "text/table.h"

enum { REPORT_COLUMNS_MAX = TABLE_COLUMNS_MAX }; /* columns of a table in text */

void report_text_record(struct buf *out, const PGresult *result);
void report_text_table(struct buf *out, const PGresult *result);
void report_json_record(struct buf *out, const PGresult *result);
void report_json_table(struct buf *out, const PGresult *result);

/* 0 B, 999 B, 1.0 kB, 1.5 MB (powers of 1000). */
void report_append_bytes(struct buf *out, double bytes);

/* 0 s, 59 s, 2 min 5 s, 3 h 0 min, 12 d 4 h; negative spans (a clock ahead) with a minus; "-"
 * for what is no span (NaN). */
void report_append_seconds(struct buf *out, double seconds);

#endif
