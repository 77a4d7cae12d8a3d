/*
 * series: what this process knows of sensors and metrics: their names and the
 * ids the database gave them.
 *
 * Entries are interned by the thread that parses and stay where they are until
 * series_clear(). Their names never change; the fields below "writer" belong
 * to the thread that holds the batch that refers to them (see writer.h).
 *
 * The table holds at most SERIES_MAX entries and is emptied when it is over
 * that and no batch refers to it: a stream of ever new names costs round trips,
 * not memory.
 */
#ifndef TSDB_COPY_SERIES_H
#define TSDB_COPY_SERIES_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uthash.h>

enum {
	SERIES_MAX = 1000000, /* entries; about 250 bytes each */
	SCHEMA_NONE = -1,     /* no schema version is known */
};

struct sensor_entry {
	UT_hash_handle hh;
	struct slice type, name;

	/* Writer. */
	int32_t id;
	unsigned generation;  /* of the session that gave the id; 0: none has */
	int32_t schema;       /* as registered */
	int32_t schema_given; /* by the latest reading that named one */
	bool queued;          /* for registration */
	char *fault;          /* why it could not be registered */

	char key[]; /* length of the type, type, name */
};

struct metric_entry {
	UT_hash_handle hh;
	struct slice name;

	/* Writer. */
	int16_t id;
	unsigned generation;
	bool queued;
	char *fault;

	char key[]; /* the name */
};

struct series {
	struct sensor_entry *sensors;
	struct metric_entry *metrics;
	size_t count;
};

/* The entry of these names (at most RECORD_NAME_MAX bytes each), made if there is none. */
struct sensor_entry *series_sensor(struct series *s, struct slice type, struct slice name);
struct metric_entry *series_metric(struct series *s, struct slice name);

static inline bool series_full(const struct series *s)
{
	return s->count > SERIES_MAX;
}

/* Frees all entries; the table is then empty and may be used again. */
void series_clear(struct series *s);

#endif
