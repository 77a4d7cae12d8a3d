/*
 * columns: what a row shows, from left to right.
 */
#ifndef TSDB_QUERY_COLUMNS_H
#define TSDB_QUERY_COLUMNS_H

#include "row.h"

#include <stdbool.h>
#include <stddef.h>

enum column_kind {
	COLUMN_TIME,
	COLUMN_TYPE,
	COLUMN_SENSOR,
	COLUMN_METRIC,
	COLUMN_UNIT,
	COLUMN_VALUE,     /* of a reading */
	COLUMN_QUALITY,   /* of a reading */
	COLUMN_AGGREGATE, /* of a bucket; of a day, too */
	COLUMN_DAY,
	COLUMN_KIND, /* of an odd day: the value */
};

enum { COLUMNS_MAX = 5 + AGGREGATES_MAX };

struct columns {
	size_t count;
	struct column {
		enum column_kind kind;
		const char *name;
		size_t index; /* of an aggregate */
	} items[COLUMNS_MAX];
};

enum cell_kind {
	CELL_NONE,
	CELL_TIME,
	CELL_DAY, /* a time; only its date shows */
	CELL_TEXT,
	CELL_NUMERAL, /* a number, which `text` is */
	CELL_NUMBER,
	CELL_INTEGER,
};

struct cell {
	enum cell_kind kind;
	struct slice text;
	double number;   /* not NaN */
	int64_t integer; /* also a time */
};

/* The columns of readings (`aggregates` NULL), or of buckets; the latter with their time or, where
 * there is one bucket for all, without. */
void columns_choose(struct columns *c, const struct aggregates *aggregates, bool times);

/* Adds a column at the right end; the name stays the caller's. */
void columns_add(struct columns *c, enum column_kind kind, const char *name, size_t index);

void columns_remove(struct columns *c, enum column_kind kind);

struct cell column_cell(const struct column *column, const struct row *row);

#endif
