/*
 * batch: readings on their way into one transaction.
 *
 * A batch belongs to one thread at a time: the one that parses fills it, the
 * writer stores it and settles the outcome of every reading, the first one
 * takes the outcome and clears it for use again. Its arrays keep their memory.
 *
 * It is full at the rows the caller allows or at BATCH_BYTES_MAX bytes of
 * lines and texts, whichever comes first. One reading more than that is let
 * into an empty batch only, so that memory is bounded by one line over it.
 */
#ifndef TSDB_COPY_BATCH_H
#define TSDB_COPY_BATCH_H

#include "base/buf.h"
#include "record/record.h"
#include "series.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	BATCH_ROWS_MAX = 1000000, /* the most that --max-batch takes */
};
#define BATCH_BYTES_MAX ((size_t)64 << 20)

/* What is nearer to 0 is stored as 0: its square, which rollups add up, would be beyond the range
 * of a float8, and that is an error to PostgreSQL. */
#define BATCH_LEAST_NUMBER 1e-150

enum outcome {
	OUTCOME_OPEN,      /* not settled */
	OUTCOME_STORED,    /* at least one of its rows was new, or replaced another value */
	OUTCOME_DUPLICATE, /* all were there, with these values */
	OUTCOME_REJECTED,  /* see batch.rejections */
};

struct batch_reading {
	int64_t received, time;
	struct sensor_entry *sensor;
	size_t line_at, line_len; /* of the original line, in batch.lines */
	uint32_t first_value;     /* its values end where those of the next reading start */
	int32_t schema;           /* SCHEMA_NONE: it named none */
	enum outcome outcome;
	bool written;  /* a row of it was new, or replaced another value, in a committed transaction
	                */
	bool conflict; /* a value of it differs from the one that was stored */
};

/* One metric of a reading: one row. */
struct batch_value {
	union {
		double number;
		size_t text_at; /* in batch.texts */
	};
	struct metric_entry *metric;
	uint32_t reading;
	uint32_t text_len;
	uint8_t quality;
	bool is_text;
};

struct rejection {
	uint32_t reading;
	const char *code; /* of the dead letter */
	size_t detail_at; /* a string in batch.details */
};

/* Which way a batch went in. */
enum path { PATH_COPY, PATH_INSERT, PATH_FALLBACK, PATHS };

struct batch {
	struct batch_reading *readings;
	size_t count, readings_cap;
	struct batch_value *values;
	size_t value_count, values_cap;
	struct rejection *rejections;
	size_t rejection_count, rejections_cap;
	struct buf lines, texts, details;

	uint64_t watermark; /* last complete message; 0: none */
	int64_t opened;     /* clock_monotonic() of the first reading or watermark */
	bool in_doubt;      /* rows were sent, and no word came back */

	/* What the writer says. */
	bool watermark_stored; /* else it goes with the next batch, after the dead letters */
	int64_t committed;     /* clock_now() */
	int64_t took;          /* microseconds that the attempt took that stored it */
	uint64_t rows;         /* new ones, and replaced ones */
	enum path path;
};

/* Appends a reading that fits. `line` is its original, `schema` its version as a number. */
void batch_add(struct batch *b, struct series *series, const struct reading *r, int32_t schema,
               struct slice line);

/* Notes that the message `seq` is complete; 0 says nothing. */
void batch_complete(struct batch *b, uint64_t seq);

bool batch_empty(const struct batch *b);

/* Whether a reading with these many values and bytes has to wait for the next batch. */
bool batch_fits(const struct batch *b, size_t max_rows, size_t values, size_t bytes);

/* Ends the values of readings[i]. */
static inline size_t batch_values_end(const struct batch *b, size_t i)
{
	return i + 1 < b->count ? b->readings[i + 1].first_value : b->value_count;
}

static inline struct slice batch_text(const struct batch *b, const struct batch_value *v)
{
	/* Without any text but empty ones there are no bytes to point at. */
	return v->text_len ? (struct slice){b->texts.ptr + v->text_at, v->text_len}
	                   : (struct slice){"", 0};
}

/* Whether two values are the same: texts by their bytes, numbers as numbers (0 is -0, as it is in
 * the database). Flags of quality are derived, and do not count. */
bool batch_same_value(const struct batch *b, uint32_t value, uint32_t other);

/* Settles an open reading as rejected. `code` is a static text. */
void batch_reject(struct batch *b, size_t reading, const char *code, const char *detail);

/* Settles the open readings of [from, to): stored where written, else duplicate. */
void batch_settle(struct batch *b, size_t from, size_t to);

void batch_clear(struct batch *b);
void batch_free(struct batch *b);

#endif
