/*
 * lag: how far the database is behind a spool: head, watermark, checkpoint, and what lies between.
 *
 * The database's watermark is the truth. While it cannot be read, the
 * checkpoint file stands in, which is not ahead of it unless the database was
 * set back: what is behind is then told as an upper bound. The watermark is
 * read before the spool, so that a message stored meanwhile cannot make it look
 * as if it were ahead.
 */
#ifndef SENSORPIPE_TSDB_ADMIN_LAG_H
#define SENSORPIPE_TSDB_ADMIN_LAG_H

#include "backlog.h"
#include "watermark.h"

#include <stdbool.h>
#include <stdint.h>

struct lag_options {
	const char *conninfo, *source;
	const char *spool;     /* its directory */
	bool json;             /* objects, a line each, instead of text */
	int64_t watch;         /* microseconds between looks; 0: one look */
	int64_t max_age;       /* microseconds; INT64_MAX: any */
	uint64_t max_messages; /* UINT64_MAX: any */
};

/* One look. */
struct lag {
	int64_t now;
	struct watermark committed;
	bool has_checkpoint;
	uint64_t checkpoint;
	bool known; /* what is behind: there is a watermark or a checkpoint to count from */
	bool ahead; /* the watermark is beyond the spool's head */
	struct backlog backlog;
};

/* What is wrong with the name of a source that has a spool and so a checkpoint file; NULL: nothing.
 */
const char *lag_source_fault(const char *source);

/* Microseconds since the oldest message that is not committed was received; 0: all are. */
static inline int64_t lag_age(const struct lag *lag)
{
	int64_t oldest = lag->backlog.oldest;

	/* A clock that was set back makes nothing younger than now. */
	return oldest == 0 || oldest > lag->now ? 0 : lag->now - oldest;
}

/* The exit status that this look deserves. No I/O. */
int lag_status(const struct lag *lag, const struct lag_options *o);

/*
 * Looks, prints, and returns the exit status: EX_OK; EX_TEMPFAIL when more is
 * behind than max_age or max_messages allow; EX_DATAERR when watermark and spool do
 * not fit each other; or that of a database that is away. With watch, until SIGTERM or
 * SIGINT, and then EX_OK.
 */
int lag_run(const struct lag_options *o);

#endif
