/*
 * near: names that are nearly the one that was asked for, for a message.
 *
 * Distance is that of Levenshtein over bytes, upper and lower case of ASCII
 * being the same. No I/O.
 */
#ifndef TSDB_QUERY_NEAR_H
#define TSDB_QUERY_NEAR_H

#include "base/slice.h"

#include <stddef.h>

enum {
	NEAR_COUNT = 3,      /* names that are kept */
	NEAR_NAME_MAX = 255, /* bytes that are compared */
};

struct near {
	struct slice wanted;
	size_t count;
	struct {
		struct slice name;
		size_t distance;
	} best[NEAR_COUNT]; /* the nearest first */
};

void near_init(struct near *n, struct slice wanted);

/* Keeps the name if it is among the nearest, and differs in no more than a third. It must outlive
 * `n`. */
void near_offer(struct near *n, struct slice name);

/* Edits (a byte inserted, deleted or changed) that make one of the other. */
size_t near_distance(struct slice a, struct slice b);

#endif
