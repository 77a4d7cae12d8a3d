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

enum outcome {
	OUTCOME_OPEN,      /* not settled */
	OUTCOME_STORED,    /* at least one of its rows was new */
	OUTCOME_DUPLICATE, /* none was */
	OUTCOME_REJECTED,  /* see batch.rejections */
};

struct batch_reading {
	int64_t received, time;
	struct sensor_entry *sensor;
	size_t line_at, line_len; /* of the original line, in batch.lines */
	uint32_t first_value;     /* its values end where those of the next reading start */
	int32_t schema;           /* SCHEMA_NONE: it named none */
	enum outcome outcome;
	bool fresh; /* a row of it was new in the transaction under way */
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

	/* What the writer says. */
	bool watermark_stored; /* else it goes with the next batch, after the dead letters */
	int64_t committed;     /* clock_now() */
	uint64_t rows;         /* new ones */
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

/* Settles an open reading as rejected. */
void batch_reject(struct batch *b, size_t reading, const char *detail);

/* Settles the open readings of [from, to): stored where fresh, else duplicate. */
void batch_settle(struct batch *b, size_t from, size_t to);

/* Forgets what a transaction that failed had found new. */
void batch_unsettle(struct batch *b);

void batch_clear(struct batch *b);
void batch_free(struct batch *b);

#endif
