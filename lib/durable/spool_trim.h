/*
 * spool_trim: deletes the segments of a spool that nobody needs any more.
 *
 * A segment may go when every consumer's checkpoint is past its last record and
 * its last record was written longer ago than the keep time. Where room is
 * needed, the keep time does not count. Without any checkpoint nothing goes, nor
 * does the last segment. What goes is noted in DIR/trimmed first.
 */
#ifndef SENSORPIPE_SPOOL_TRIM_H
#define SENSORPIPE_SPOOL_TRIM_H

#include <stdbool.h>
#include <stdint.h>

struct spool_trimmed {
	unsigned segments; /* deleted */
	uint64_t bytes;    /* of them */
};

/* `keep` in microseconds. A checkpoint that cannot be read holds everything, and draws a warning
 * (once a process). A segment that cannot be deleted ends the trimming, with a warning. */
struct spool_trimmed spool_trim(int directory, const char *path, int64_t keep, bool need_room);

/* The least of all checkpoints; false: there is none, or one cannot be read. */
bool spool_least_checkpoint(int directory, const char *path, uint64_t *seq);

#endif
