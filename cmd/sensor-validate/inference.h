/*
 * inference: what readings have in common, by type and version: the makings of a schema.
 *
 * Constant work and memory a metric, however many readings there are: the
 * types seen, the range of its numbers, the longest of its strings, and the
 * strings themselves while they are few. A reading that would exceed a limit
 * is not looked at.
 */
#ifndef SENSOR_VALIDATE_INFERENCE_H
#define SENSOR_VALIDATE_INFERENCE_H

#include "pool.h"

#include "base/buf.h"
#include "record/record.h"

#include <stdbool.h>
#include <stdint.h>
#include <uthash.h>

enum {
	INFER_KINDS_MAX = 1000,         /* types and versions */
	INFER_METRICS_MAX = 100 * 1000, /* of all of them; SCHEMA_MEMBERS_MAX of one */
	INFER_WORDS_MAX = 8,            /* distinct strings of a metric that are kept, */
	INFER_WORD_BYTES_MAX = 64,      /* each as long as this */
};

/* A metric of one kind of readings. */
struct trait {
	struct slice name;
	uint64_t count;     /* readings that had it */
	unsigned types;     /* TYPE_* of schema.h; TYPE_INTEGER while no number had a '.' or 'e' */
	double least, most; /* of numbers */
	size_t longest;     /* string, in characters */
	struct slice words[INFER_WORDS_MAX];
	size_t word_count;
	bool many_words; /* there were more, or longer ones */
	struct slice unit;
	bool many_units;
	struct trait *next; /* in the order they were first seen */
	UT_hash_handle hh;
};

/* The readings of one type and version. */
struct kind {
	struct slice type, version;
	uint64_t count;                       /* readings */
	struct trait *traits, *first, **last; /* by name; in order */
	struct kind *next;
	UT_hash_handle hh;
};

/* Zeroed, it is empty. */
struct inference {
	struct kind *kinds, *first, **last; /* by version and type; in order */
	size_t kind_count, trait_count;
	uint64_t over_limits; /* readings not looked at */

	/* Private. */
	struct pool pool;
	struct buf key, unescaped;
};

void inference_take(struct inference *n, const struct reading *r);
void inference_free(struct inference *n);

#endif
