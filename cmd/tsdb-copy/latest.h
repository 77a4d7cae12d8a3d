/*
 * latest: the latest reading of each series, on its way into latest_readings.
 *
 * That table has one row a series. The latest of the readings that were stored
 * are gathered here and written, by the schema's note_latest(), in transactions
 * of their own: so the cost is that of the series a second and not of the
 * readings, and writers of the same series do not wait for each other's batches.
 *
 * Rounds begin a LATEST_INTERVAL apart. A round takes what was gathered and
 * writes it in the order of the key, so that writers do not deadlock, in slices
 * of LATEST_SLICE series: a batch that comes meanwhile waits for one slice, a few
 * milliseconds, at most. After a slice there is a pause of LATEST_PAUSE times as
 * long as it took, so that this never takes more than a small share of the time;
 * where series are so many that a round takes longer than the interval, they are
 * that much behind. Once nothing came for LATEST_QUIET there are no pauses.
 *
 * Nor are there beyond LATEST_MAX series. A batch may bring BATCH_ROWS_MAX more
 * before they are seen, and a round under way may be as large: this bounds the
 * memory.
 *
 * A slice that fails is written again a LATEST_INTERVAL later; the readings
 * themselves are stored whatever becomes of it. What is never written, because
 * the tool was killed, is found by tsdb-admin maintain. The transactions do not
 * wait for the disk: a server that crashes loses the last of them, which is found
 * in the same way.
 */
#ifndef TSDB_COPY_LATEST_H
#define TSDB_COPY_LATEST_H

#include "base/buf.h"
#include "batch.h"
#include "latest_map.h"
#include "rows.h"
#include "session.h"

#include <stddef.h>
#include <stdint.h>

enum {
	LATEST_SLICE = 1000,  /* series */
	LATEST_MAX = 1000000, /* series */
	LATEST_PAUSE = 30,    /* times the length of the slice before */
	LATEST_COLUMNS = 5,
};
#define LATEST_INTERVAL INT64_C(1000000) /* microseconds */
#define LATEST_QUIET    INT64_C(100000)  /* microseconds */

struct latest {
	/* Private. */
	struct latest_map gathered; /* for the next round */
	struct latest_map round;    /* being written, in order */
	size_t written;             /* of the round */
	int64_t begun;              /* the round; times of clock_monotonic() */
	int64_t pause_to;
	int64_t failed_to; /* until then nothing is tried; 0: the last slice was written */
	char told[6];      /* SQLSTATE of the failure last reported; "": it works */
	struct buf arrays[LATEST_COLUMNS];
};

/* Notes the rows of sensor_readings that are stored, each with the value that is stored. */
void latest_note(struct latest *l, const struct batch *b, const struct rows *rows);

/* When the next slice is to be written; INT64_MAX: there is none. `quiet_from` is when nothing will
 * have come for LATEST_QUIET; INT64_MAX: something waits. All by clock_monotonic(). */
int64_t latest_due(const struct latest *l, int64_t quiet_from);

/* Writes a slice. When that fails it is due again a LATEST_INTERVAL later; a cause that does not
 * pass by itself is reported, once. */
enum db_status latest_write(struct latest *l, struct session *s);

/* Writes all there is, without pauses, or what can be written. */
void latest_finish(struct latest *l, struct session *s);

/* To be called instead where there is no connection: as when a slice failed. */
void latest_postpone(struct latest *l);

void latest_free(struct latest *l);

#endif
