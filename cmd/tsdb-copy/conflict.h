/*
 * conflict: values that differ from the one stored under their key.
 *
 * Gathered while a range of a batch is being stored, and turned into rejections
 * when that is done: one for each reading, however many of its values differ.
 */
#ifndef TSDB_COPY_CONFLICT_H
#define TSDB_COPY_CONFLICT_H

#include "base/buf.h"
#include "base/slice.h"
#include "batch.h"

#include <stddef.h>
#include <stdint.h>

#define CONFLICT_TEXT_MAX 50 /* characters of a text that are shown; a macro, for SQL */

struct conflict {
	uint32_t value;   /* index in batch.values */
	size_t stored_at; /* a string in conflicts.stored */
};

struct conflicts {
	struct conflict *list;
	size_t count, cap;
	struct buf stored;
};

void conflicts_clear(struct conflicts *c);

/* Notes that batch.values[value] differs from what is stored: another value of the batch, a number,
 * or a text of `len` bytes that starts with `head`. */
void conflict_with_value(struct conflicts *c, const struct batch *b, uint32_t value,
                         uint32_t stored);
void conflict_with_number(struct conflicts *c, uint32_t value, double stored);
void conflict_with_text(struct conflicts *c, uint32_t value, struct slice head, size_t len);

/* Rejects the readings of these values, with code "conflict". */
void conflicts_reject(struct conflicts *c, struct batch *b);

void conflicts_free(struct conflicts *c);

#endif
