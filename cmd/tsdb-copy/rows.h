/*
 * rows: a range of a batch's readings as rows of the two tables, in the order
 * of their primary key, every key once.
 *
 * Of rows with the same key the first that arrived stays, as it would if every
 * row had been inserted by itself.
 */
#ifndef TSDB_COPY_ROWS_H
#define TSDB_COPY_ROWS_H

#include "batch.h"
#include "sort.h"

#include <stddef.h>

/* The rows of one table. */
struct rows {
	struct sort_key *keys;
	size_t count;

	/* Private. */
	struct sort_key *scratch;
	size_t cap;
};

struct row_set {
	struct rows numbers; /* of sensor_readings */
	struct rows texts;   /* of sensor_texts */
};

/* Collects the open readings of [from, to), whose sensors and metrics have ids. */
void rows_collect(struct row_set *set, const struct batch *b, size_t from, size_t to);

static inline size_t rows_total(const struct row_set *set)
{
	return set->numbers.count + set->texts.count;
}

/* The row of this key, or NULL. */
const struct sort_key *rows_find(const struct rows *rows, const struct sort_key *key);

void rows_free(struct row_set *set);

#endif
