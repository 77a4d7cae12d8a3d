/*
 * state_keeper: keeps a tool's series in the file of --state: read at the
 * start, written every STATE_INTERVAL and at the end.
 *
 * In between a child writes it: it has the series as they were when it was
 * forked, and nobody waits for the disk.
 */
#ifndef SENSORPIPE_STATE_KEEPER_H
#define SENSORPIPE_STATE_KEEPER_H

#include "durable/state_file.h"

#include <stdbool.h>
#include <sys/types.h>

#define STATE_INTERVAL INT64_C(60000000) /* microseconds */

struct state_keeper {
	int64_t due; /* by clock_monotonic(), when it is written next; INT64_MAX without a file */

	/* Private. */
	const char *path;
	const struct series_table *series;
	const struct state_form *form;
	pid_t writer; /* the child; 0: none */
	bool warned;
};

/* `path` may be NULL: nothing is kept. Ends the process with EX_DATAERR when the file is no state,
 * with EX_IOERR when it cannot be read, with EX_CANTCREAT when it cannot be written. */
void state_open(struct state_keeper *k, const char *path, struct series_table *series,
                const struct state_form *form);

/* Whether state_tick() has something to do: for those who have to flush an output before. */
bool state_is_due(const struct state_keeper *k);

/* Begins to write when it is time to; a failure draws one warning, until it works again. */
void state_tick(struct state_keeper *k);

/* Writes a last time; -1 after telling that it could not. */
int state_close(struct state_keeper *k);

#endif
