/*
 * lines: rows as CSV, TSV or JSON, a line each. No I/O.
 *
 *   CSV    RFC 4180, but lines end with LF alone; a null is an empty field, an
 *          empty text ""
 *   TSV    as COPY of PostgreSQL writes it: \t, \n, \r and \\ stand for these characters
 *          inside of a field, \N for null
 *   JSON   an object; what is not there is null
 *
 * CSV and TSV begin with the names of their columns. Times are RFC 3339 in UTC
 * with microseconds, numbers the shortest decimal that reads back the same;
 * what is not finite is NaN, Infinity or -Infinity, in JSON as a string.
 */
#ifndef TSDB_QUERY_LINES_H
#define TSDB_QUERY_LINES_H

#include "base/buf.h"
#include "columns.h"

enum lines_format { LINES_CSV, LINES_TSV, LINES_JSON };

/* Appends the line of names; of JSON there is none. */
void lines_append_head(struct buf *b, enum lines_format format, const struct columns *c);

void lines_append_row(struct buf *b, enum lines_format format, const struct columns *c,
                      const struct row *row);

#endif
