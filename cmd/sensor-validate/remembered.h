/*
 * remembered: the history of each series, as the table of series and its file hold it.
 *
 * A record of the file: name (16 bytes), time, flat-since, last, before, low,
 * high, tail. The upper half of tail is the CRC-32C of the words before and of
 * its lower half, which is values + 256 * failed.
 */
#ifndef SENSOR_VALIDATE_REMEMBERED_H
#define SENSOR_VALIDATE_REMEMBERED_H

#include "qartod.h"

#include "durable/series.h"
#include "durable/state_file.h"

enum {
	REMEMBERED_MAX_DEFAULT = 1000 * 1000, /* series */
	REMEMBERED_BYTES = 96,                /* of memory for one, at most */
};

extern const struct state_form remembered_form;

static inline struct history *remembered(struct series *s)
{
	return series_data(s);
}

/* A series that is not in the table, with an empty history. */
struct series *remembered_add(struct series_table *t, struct siphash name);

#endif
