/*
 * writer: the last stage of rows that are written as text, whatever the format.
 */
#ifndef TSDB_QUERY_WRITER_H
#define TSDB_QUERY_WRITER_H

#include "lines.h"
#include "row.h"
#include "stream/out.h"
#include "tally.h"
#include "text/table.h"

enum writer_format { WRITER_TABLE, WRITER_CSV, WRITER_TSV, WRITER_JSON, WRITER_R1 };

/* As --format takes them; ended by NULL. */
extern const char *const writer_formats[];

/* A table is written every so many rows, with columns as wide as its widest cells so far. */
enum { WRITER_TABLE_ROWS = 1000 };

struct writer {
	struct stage stage;
	struct out *out;
	struct tally *tally;
	struct columns columns;
	enum writer_format format;

	/* Private. */
	struct table table;
	struct row last; /* WRITER_R1: of the record at hand; without a sensor: none */
	size_t metrics;  /* in that record */
	struct buf text; /* WRITER_R1: of a value */
	bool warned;
};

/* Writes the names of the columns, too, where the format has them. `out`, `tally` and `format` are
 * set, and `columns` except for WRITER_R1. */
void writer_init(struct writer *w);

/* For writer_init(): the stages of a table, and of records (r1). */
void writer_init_table(struct writer *w);
void writer_init_records(struct writer *w);

/* Appends a number as people read it: to seven digits, unless it has more before its point. */
void writer_append_short(struct buf *b, double number);

#endif
