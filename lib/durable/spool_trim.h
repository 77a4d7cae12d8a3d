/*
 * spool_trim: deletes the segments of a spool that nobody needs any more.
 *
 * A segment may go when every consumer's checkpoint is past its last record and
 * its last record was written longer ago than the keep time. Where room is
 * needed, the oldest go even before that. Without any checkpoint nothing goes,
 * nor does the last segment. What goes is noted in DIR/trimmed first.
 */
#ifndef SENSORPIPE_SPOOL_TRIM_H
#define SENSORPIPE_SPOOL_TRIM_H

#include <stdbool.h>
#include <stdint.h>

struct spool_trimmed {
	unsigned segments; /* deleted */
	uint64_t bytes;    /* of them */
};

/* `keep` in microseconds; `room`: bytes to be freed without regard to it. A checkpoint that cannot
 * be read holds everything, and draws a warning (once a process), as does a segment that cannot be
 * deleted. */
struct spool_trimmed spool_trim(int directory, const char *path, int64_t keep, uint64_t room);

/* What the consumers' checkpoints are. */
struct spool_checkpoints {
	unsigned count;
	uint64_t least, most; /* where count > 0 */
	bool readable;        /* all of them */
};
struct spool_checkpoints spool_checkpoints(int directory, const char *path);

#endif
