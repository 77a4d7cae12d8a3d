/*
 * table: rows of text in aligned columns, for people.
 *
 * Cells are appended to a buffer, row by row; table_write() then writes the
 * rows it has with each column as wide as its widest cell so far. Written once
 * it is a whole table; written every so many rows it is a stream in constant
 * memory, whose columns may grow where a later row is wider. Width is counted in code points.
 * Columns are set two spaces apart, after two spaces at the left; the last one is not padded.
 */
#ifndef SENSORPIPE_TABLE_H
#define SENSORPIPE_TABLE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum { TABLE_COLUMNS_MAX = 64 };

struct table {
	size_t columns;                /* 1 to TABLE_COLUMNS_MAX */
	bool right[TABLE_COLUMNS_MAX]; /* aligned to the right */

	/* To be read by the caller. */
	size_t rows; /* that are not written yet */

	/* Private. */
	size_t widths[TABLE_COLUMNS_MAX];
	struct buf cells;     /* each ends with a line end, which is in no cell */
	size_t column, start; /* of the cell at hand */
};

void table_init(struct table *t, size_t columns);

/* Where the content of the next cell is to be appended, which must hold no control character. */
struct buf *table_cell(struct table *t);

/* The cell is complete; after the last of a row, the row is. */
void table_cell_end(struct table *t);

/* Appends the rows to a text and forgets them. */
void table_write(struct table *t, struct buf *out);

void table_free(struct table *t);

#endif
