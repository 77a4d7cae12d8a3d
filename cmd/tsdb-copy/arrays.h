/*
 * arrays: rows as parameters of a statement, one array a column, in binary.
 *
 * A statement takes a slice of at most ARRAYS_ROWS rows of each table. Its
 * parameters are, of these types whether it uses them or not:
 *
 *   $1, $2    the source, text, and its watermark, bigint, or null
 *   $3 - $7   time, value, sensor_id, metric_id, quality of rows of sensor_readings
 *   $8 - $12  the same of sensor_texts
 *   $13, $14  the earliest and the latest of the times in $3, timestamptz
 *   $15, $16  the same of $8
 *
 * One that has less to do is planned faster, so there are three of each: for
 * the rows of either table, and for both.
 */
#ifndef TSDB_COPY_ARRAYS_H
#define TSDB_COPY_ARRAYS_H

#include "batch.h"
#include "rows.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	ARRAYS_ROWS = 10000,
	ARRAYS_FEW = 500, /* rows of several days may share a slice */
	ARRAYS_COLUMNS = 5,
};

/* A row that is to be sent: its key, and whose value. */
struct pick {
	uint32_t key;   /* index in rows.keys */
	uint32_t value; /* index in batch.values */
	uint32_t day;   /* of its time, from that of CLOCK_MIN; set by arrays_by_day() */
};

/* The rows of one table. */
struct table_arrays {
	struct pick *picks;
	size_t count;
	size_t from, to; /* the slice */

	/* Private. */
	bool by_day;
	size_t cap;
	int64_t earliest, latest; /* times of the slice */
	struct buf columns[ARRAYS_COLUMNS];
};

struct arrays {
	struct table_arrays numbers, texts;
};

/* Begins a new choice of rows. */
void arrays_begin(struct arrays *a);
void arrays_pick(struct table_arrays *t, size_t key, uint32_t value);

/*
 * Orders the rows by days, then as they were picked; a slice is then of one
 * day, or of several that have few rows: for a statement that looks in each
 * day's partition for each row.
 */
void arrays_by_day(struct arrays *a, const struct row_set *set);

/* Encodes the next slice (an empty one if there are no rows); true when it is the last. */
bool arrays_next(struct arrays *a, const struct batch *b, const struct row_set *set);

/* How many rows the slice has. */
static inline size_t arrays_slice(const struct arrays *a)
{
	return a->numbers.to - a->numbers.from + a->texts.to - a->texts.from;
}

/* A statement for slices of rows of one table, and for those of both. */
struct arrays_sql {
	const char *numbers, *texts, *both;
};

/* Runs the statement that the slice needs, with the watermark unless it is 0. The caller clears
 * *result after DB_OK. */
enum db_status arrays_query(const struct arrays *a, struct session *s, const struct arrays_sql *sql,
                            uint64_t watermark, PGresult **result);

void arrays_free(struct arrays *a);

#endif
