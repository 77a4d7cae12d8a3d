/*
 * touched: the hours and series of rows whose rollups may be stored already.
 *
 * Rollups of hours that are over are stored, so rows that come later have to be
 * noted, in their own transaction: by the function note_touched() of the schema
 * (see sensorpipe-schema(7)), which takes the hours that are over by the
 * server's clock. Here they are chosen by an estimate of it (session_now()), with a margin:
 * noting too many does no harm, and rollups are stored no sooner than an hour
 * after the hour's end, so an estimate that is wrong by less than that misses
 * none. Texts have no rollups.
 *
 * Readings of such hours may also be packed (see the same page). note_touched()
 * makes them rows again, which the key then finds; who only looks for rows
 * calls loosen_hours() for that. They stay so until the end of the transaction.
 */
#ifndef TSDB_COPY_TOUCHED_H
#define TSDB_COPY_TOUCHED_H

#include "base/buf.h"
#include "rows.h"
#include "session.h"

#include <stddef.h>
#include <stdint.h>

#define TOUCHED_MARGIN INT64_C(600000000) /* microseconds */

/* Each hour of a series once. */
struct touched {
	size_t count;
	/* Private: arrays in binary. */
	struct buf hours, sensors, metrics;
};

/* Chooses from the rows of sensor_readings; `now` in microseconds since 1970. */
void touched_collect(struct touched *t, const struct rows *rows, int64_t now);

/* Notes them. To be called in the transaction of the rows. */
enum db_status touched_note(const struct touched *t, struct session *s);

/* Makes rows of what is packed of them. To be called in the transaction that looks for rows. */
enum db_status touched_loosen(const struct touched *t, struct session *s);

void touched_free(struct touched *t);

#endif
