/*
 * rows: a range of a batch's readings as rows of the two tables, in the order
 * of their primary key, every key once.
 *
 * Of rows with the same key one stays, as if every row had been written by
 * itself in the order of arrival: the first where what is stored is kept; where
 * it is replaced, the one that last changed the value. All rows of such a key
 * are in `repeated` too, so that each can be told what became of it.
 */
#ifndef TSDB_COPY_ROWS_H
#define TSDB_COPY_ROWS_H

#include "batch.h"
#include "sort.h"

#include <stdbool.h>
#include <stddef.h>

/* What is known of a key: the `mark` of its sort_key. */
enum row_state {
	ROW_OPEN,    /* nothing */
	ROW_WRITTEN, /* the row was new, or has replaced the one that was there */
	ROW_PRESENT, /* a row was there, and stays */
	ROW_DIFFERS, /* the same, and it has another value */
	ROW_CHANGED, /* a row with another value was there, and is to be replaced */
};

/* The rows of one table. */
struct rows {
	struct sort_key *keys; /* what is to be written */
	size_t count;
	struct sort_key *repeated; /* by key, then by arrival */
	size_t repeated_count;
	bool differ; /* a repeated key came with different values */

	/* Private. */
	struct sort_key *scratch;
	size_t cap;
};

struct row_set {
	struct rows numbers; /* of sensor_readings */
	struct rows texts;   /* of sensor_texts */
	bool replace;
};

/* Collects the open readings of [from, to), whose sensors and metrics have ids. */
void rows_collect(struct row_set *set, const struct batch *b, size_t from, size_t to, bool replace);

static inline size_t rows_total(const struct row_set *set)
{
	return set->numbers.count + set->texts.count;
}

/* Whether a key came with different values. */
static inline bool rows_differ(const struct row_set *set)
{
	return set->numbers.differ || set->texts.differ;
}

/* Whether a key is in this state. */
bool rows_any(const struct row_set *set, enum row_state state);

/* The row of this key, or NULL. */
struct sort_key *rows_find(const struct rows *rows, const struct sort_key *key);

/* All rows of a key in order of arrival. */
struct row_group {
	const struct sort_key *rows;
	size_t count; /* at least 1 */
};

/* The rows of keys[i]. To be called for ascending i, with *at as the last call left it, at first 0.
 */
struct row_group rows_group(const struct rows *rows, size_t i, size_t *at);

void rows_free(struct row_set *set);

#endif
