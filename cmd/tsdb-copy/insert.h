/*
 * insert: a batch by INSERT ... ON CONFLICT DO NOTHING: idempotent.
 *
 * A slice of rows and the watermark are one statement, whose parameters are
 * arrays in binary: one round trip, and its own transaction. More rows than
 * INSERT_ROWS are several slices in one transaction. Rows whose key is there
 * already are left alone; the keys that come back tell which were new.
 */
#ifndef TSDB_COPY_INSERT_H
#define TSDB_COPY_INSERT_H

#include "batch.h"
#include "rows.h"
#include "session.h"

enum {
	INSERT_ROWS = 10000, /* of each table in one statement */
	INSERT_COLUMNS = 5,  /* of each table */
};

/* Scratch memory. */
struct insert {
	struct buf numbers[INSERT_COLUMNS], texts[INSERT_COLUMNS];
};

/*
 * Stores the rows, and the watermark unless it is 0. Marks the readings that
 * had a new row as fresh, and counts these rows in *fresh_rows; both mean
 * something only when the result is DB_OK.
 */
enum db_status insert_rows(struct session *s, struct batch *b, const struct row_set *set,
                           uint64_t watermark, struct insert *scratch, uint64_t *fresh_rows);

void insert_free(struct insert *scratch);

#endif
