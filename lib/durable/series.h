/*
 * series: what a tool keeps of each series, by its name, for as many series as there may be.
 *
 * A hash table with chains, and a list by use: when it is full, the series that
 * was used least recently makes room. A name is kept as its SipHash with 128
 * bits under a key of this table, so a series costs the same whatever its name
 * is (a table of uthash needs 56 bytes more, and the names), and no choice of
 * names makes it slow: the tool's data, and at most SERIES_OVERHEAD. Memory
 * grows as series come, up to the bound, and is given back at the end. A
 * struct series stays where it is until its place is given to another one.
 */
#ifndef SENSORPIPE_SERIES_H
#define SENSORPIPE_SERIES_H

#include "base/siphash.h"
#include "base/slice.h"
#include "record/record.h"

#include <stddef.h>
#include <stdint.h>

enum {
	SERIES_MAX_MOST = 100 * 1000 * 1000,
	/* A reading has so many at once: one a metric, and the sensor's own. None of them may make
	 * room for another. */
	SERIES_MAX_LEAST = RECORD_METRICS_MAX + 1,
	SERIES_OVERHEAD = 40, /* bytes */
};

struct series {
	struct siphash name;
	/* Private: places, from 1; 0: none. */
	uint32_t next;         /* in the chain */
	uint32_t newer, older; /* by use */
	uint32_t unused;
	uint64_t data[]; /* see series_data() */
};

/* What the tool keeps of it: as many bytes as series_init() was told, all zero in a new one. */
static inline void *series_data(struct series *s)
{
	return s->data;
}

struct series_table {
	struct siphash key; /* to be set by series_init() */

	/* To be read by the caller. */
	double count;     /* a double, as a gauge is one */
	uint64_t evicted; /* made room for others */

	/* Private. */
	size_t size; /* of a series */
	uint32_t used, max;
	char **chunks;
	uint32_t *chains, chain_count; /* a power of 2 */
	uint32_t newest, oldest;
};

/* An empty table for `max` series with `data` bytes each, and a random key. */
void series_init(struct series_table *t, uint32_t max, size_t data);
void series_free(struct series_table *t);

/* The hash of a name in this table. */
struct siphash series_name(const struct series_table *t, struct slice name);

/* The series, now the one used last, or NULL. */
struct series *series_find(struct series_table *t, struct siphash name);

/* Adds one that is not there, as the one used last. */
struct series *series_add(struct series_table *t, struct siphash name);

/* One after the other from the one least recently used; after NULL the first, NULL after the last.
 */
struct series *series_next(const struct series_table *t, const struct series *s);

#endif
