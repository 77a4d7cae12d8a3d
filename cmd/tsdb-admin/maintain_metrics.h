/*
 * maintain_metrics: a run of maintain as a metrics file (observe/metrics.h), for a timer's job.
 *
 * The file is written once, when a run came to its end. One that fails, or is
 * stopped, or finds another at work, leaves the file as the run before wrote it:
 * so it is its last success that grows old, whatever the reason.
 */
#ifndef SENSORPIPE_TSDB_ADMIN_MAINTAIN_METRICS_H
#define SENSORPIPE_TSDB_ADMIN_MAINTAIN_METRICS_H

#include "engine.h"
#include "link/pg.h"

#include <stddef.h>

enum { MAINTAIN_WORKS_MAX = 16 };

struct maintain_result {
	double seconds;
	double steps_done, steps_left; /* left: what they need was in use */
	size_t work_count;
	struct {
		const char *kind; /* static: a word */
		double count;
	} works[MAINTAIN_WORKS_MAX]; /* what the steps did, by their kind */
};

/* NULL for `path`: nothing is wanted. Asks the database how far rollups are stored, and ends the
 * process as link/db.h does where that fails. */
void maintain_metrics_write(const char *path, PGconn *conn, enum engine engine,
                            const struct maintain_result *result);

#endif
