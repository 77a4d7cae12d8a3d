/*
 * out: buffered output to a file descriptor, every write checked.
 *
 * Writers append whole lines to `out.buf` and then call out_line(). Bytes
 * leave when OUT_FULL bytes have gathered, and when the tool is about to
 * block on input (see stream/line.h): never per line, never by timer. That
 * gives the lowest latency when there is little and large writes when there is
 * much.
 *
 * A write that fails ends the process at once with EX_IOERR, naming the output
 * ("stdout: Broken pipe"): with its reader gone a tool has no more work to do,
 * and its supervisor restarts the chain.
 *
 * With `sync`, what was flushed to a file is on the disk for good when
 * out_flush() returns.
 */
#ifndef SENSORPIPE_OUT_H
#define SENSORPIPE_OUT_H

#include "base/buf.h"

#include <stdbool.h>

enum { OUT_FULL = 64 * 1024 };

struct out {
	struct buf buf;
	int fd;
	const char *name;  /* for messages; not owned */
	struct out *first; /* flushed before this one, or NULL; not owned */
	bool sync;
};

/* `fd` stays the caller's. */
void out_init(struct out *o, int fd, const char *name);

/* Opens (creating, appending) the file for output; ends the process with EX_CANTCREAT if it cannot.
 */
void out_open_append(struct out *o, const char *path);

/* First o->first, so that nobody can see a record before the dead letter it tells of is written. */
void out_flush(struct out *o);

/* To be called after each whole line in o->buf. */
static inline void out_line(struct out *o)
{
	if (o->buf.len >= OUT_FULL)
		out_flush(o);
}

/* Ends the process as a write would that finds the reader gone. */
_Noreturn void out_die_broken(const struct out *o);

/* Flushes, and for a file or stdout checks that close(2) succeeds; frees the buffer. */
void out_close(struct out *o);

#endif
