/*
 * statement: the SQL of a query.
 *
 * Sensors and metrics are in it by their ids, times and widths as this tool
 * formats them: nothing that a user wrote. Raw numbers are read by the function
 * readings_between(), which opens no other days, and texts from sensor_texts,
 * along their key: the server need not sort rows, only readings that were
 * packed. No I/O.
 *
 * What enters aggregates is what enters the rollups of the schema: readings
 * flagged 4 (fail) or 9 (missing), and values beyond +-1e100, do not.
 */
#ifndef TSDB_QUERY_STATEMENT_H
#define TSDB_QUERY_STATEMENT_H

#include "aggregate.h"
#include "base/buf.h"
#include "catalog.h"
#include "cover.h"

#include <stdint.h>

/* Also where all metrics are asked for, they are listed if they are no more than this: with them
 * the key leads straight to a span of time, without them through all that a sensor sent. */
enum { STATEMENT_METRICS_MAX = 200 };

/* Which readings, by their flags of QARTOD. */
enum usability { USE_ALL, USE_USABLE /* 1 to 3 */, USE_GOOD /* 1 */ };

struct span {
	int64_t from, to; /* microseconds, [from, to) */
};

/* The condition on sensor_id and metric_id, with WHERE before it. */
void statement_append_series(struct buf *sql, const struct catalog *c);

/* Columns: sensor_id, metric_id, time, value (as text), quality; rows in this order. */
void statement_append_numbers(struct buf *sql, const struct catalog *c, struct span span,
                              enum usability use);
void statement_append_texts(struct buf *sql, const struct catalog *c, struct span span,
                            enum usability use);

/* Numbers and texts by sensor, time and metric; the same columns, and is_string. */
void statement_append_records(struct buf *sql, const struct catalog *c, struct span span,
                              enum usability use);

/* Columns: sensor_id, metric_id, time, and one of float8 for each aggregate; rows by the names of
 * type, sensor and metric, then time. `width` 0: one bucket, which starts where the cover does. */
void statement_append_buckets(struct buf *sql, const struct catalog *c, const struct cover *cover,
                              int64_t width, const struct aggregates *aggregates,
                              enum usability use);

#endif
