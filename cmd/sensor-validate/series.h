/*
 * series: what is kept of each series, by its name, for as many series as there may be.
 *
 * A hash table with chains, and a list by use: when it is full, the series that
 * was used least recently makes room. A name is kept as its SipHash with 128
 * bits under a key of this table, so a series costs SERIES_BYTES whatever its
 * name is (a table of uthash needs 56 more, and the names), and no choice of
 * names makes it slow. Memory grows as series come, up to the bound, and is
 * given back at the end. A struct series stays where it is until its place is
 * given to another one.
 */
#ifndef SENSOR_VALIDATE_SERIES_H
#define SENSOR_VALIDATE_SERIES_H

#include "qartod.h"
#include "siphash.h"

#include "base/slice.h"

#include <stdint.h>

enum {
	SERIES_MAX_DEFAULT = 1000 * 1000,
	SERIES_MAX_MOST = 100 * 1000 * 1000,
	/* A reading has so many at once: one a metric, and the sensor's own. None of them may make
	 * room for another. */
	SERIES_MAX_LEAST = RECORD_METRICS_MAX + 1,
	SERIES_BYTES = 96, /* of memory for one, at most, its share of the table included */
};

struct series {
	struct siphash name;
	struct history history;
	/* Private: places, from 1; 0: none. */
	uint32_t next;         /* in the chain */
	uint32_t newer, older; /* by use */
};

struct series_table {
	struct siphash key; /* to be set by series_init() */

	/* To be read by the caller. */
	double count;     /* a double, as a gauge is one */
	uint64_t evicted; /* made room for others */

	/* Private. */
	uint32_t used, max;
	struct series **chunks;
	uint32_t *chains, chain_count; /* a power of 2 */
	uint32_t newest, oldest;
};

/* An empty table for `max` series with a random key. */
void series_init(struct series_table *t, uint32_t max);
void series_free(struct series_table *t);

/* The hash of a name in this table. */
struct siphash series_name(const struct series_table *t, struct slice name);

/* The series, now the one used last, or NULL. */
struct series *series_find(struct series_table *t, struct siphash name);

/* Adds one that is not there, with an empty history, as the one used last. */
struct series *series_add(struct series_table *t, struct siphash name);

/* One after the other from the one least recently used; after NULL the first, NULL after the last.
 */
struct series *series_next(const struct series_table *t, const struct series *s);

#endif
