/*
 * checkpoint: the watermark in a file, for readers without a database.
 *
 * A mark (durable/mark.h), replaced after the commit it tells of, at most once
 * a CHECKPOINT_INTERVAL and at the end: so it may be behind the database, never
 * ahead, unless the database itself is set back. A file that cannot be written
 * draws one warning (until it can be again) and does not stop the tool.
 */
#ifndef TSDB_COPY_CHECKPOINT_H
#define TSDB_COPY_CHECKPOINT_H

#include <stdbool.h>
#include <stdint.h>

#define CHECKPOINT_INTERVAL INT64_C(1000000) /* microseconds */

struct checkpoint {
	/* Private. */
	int directory; /* -1: no checkpoint is wanted */
	const char *path, *name;
	uint64_t committed, written;
	int64_t due; /* clock_monotonic() */
	bool warned;
};

/* `path` NULL means none. Ends the process with EX_CANTCREAT when its directory cannot be opened.
 */
void checkpoint_open(struct checkpoint *c, const char *path);

/* Notes that everything up to `seq` is committed. */
void checkpoint_advance(struct checkpoint *c, uint64_t seq);

/* When checkpoint_tick() has something to write, by clock_monotonic(); INT64_MAX: nothing. */
int64_t checkpoint_due(const struct checkpoint *c);

/* Writes the file when it is time to. */
void checkpoint_tick(struct checkpoint *c);

/* Writes the file if it is behind. */
void checkpoint_close(struct checkpoint *c);

#endif
