#include "base/msg.h"

/* uthash has no other way to tell that memory is out. */
#define uthash_fatal(what) msg_die(EX_OSERR, "out of memory (%s)", what)

#include "record/record.h"
#include "series.h"

#include <stdlib.h>
#include <string.h>

static void *new_entry(size_t size)
{
	void *entry = calloc(1, size);

	if (!entry)
		msg_die(EX_OSERR, "out of memory");
	return entry;
}

struct sensor_entry *series_sensor(struct series *s, struct slice type, struct slice name)
{
	char key[1 + 2 * RECORD_NAME_MAX];
	size_t len = 1 + type.len + name.len;
	struct sensor_entry *e;

	/* The length of the type keeps ("a", "bc") and ("ab", "c") apart. */
	key[0] = (char)type.len;
	memcpy(key + 1, type.ptr, type.len);
	memcpy(key + 1 + type.len, name.ptr, name.len);
	HASH_FIND(hh, s->sensors, key, len, e);
	if (e)
		return e;
	e = new_entry(sizeof(*e) + len);
	memcpy(e->key, key, len);
	e->type = (struct slice){e->key + 1, type.len};
	e->name = (struct slice){e->key + 1 + type.len, name.len};
	e->schema = e->schema_given = SCHEMA_NONE;
	HASH_ADD(hh, s->sensors, key, len, e);
	s->count++;
	return e;
}

struct metric_entry *series_metric(struct series *s, struct slice name)
{
	struct metric_entry *e;

	HASH_FIND(hh, s->metrics, name.ptr, name.len, e);
	if (e)
		return e;
	e = new_entry(sizeof(*e) + name.len);
	memcpy(e->key, name.ptr, name.len);
	e->name = (struct slice){e->key, name.len};
	HASH_ADD(hh, s->metrics, key, name.len, e);
	s->count++;
	return e;
}

void series_clear(struct series *s)
{
	struct sensor_entry *sensor = s->sensors, *next_sensor;
	struct metric_entry *metric = s->metrics, *next_metric;

	/* Frees the tables; the entries stay linked in the order in which they were made. */
	HASH_CLEAR(hh, s->sensors);
	HASH_CLEAR(hh, s->metrics);
	for (; sensor; sensor = next_sensor) {
		next_sensor = sensor->hh.next;
		free(sensor->fault);
		free(sensor);
	}
	for (; metric; metric = next_metric) {
		next_metric = metric->hh.next;
		free(metric->fault);
		free(metric);
	}
	s->count = 0;
}
