/*
 * spool: a directory that keeps messages until they are stored. See sensorpipe-spool(5).
 *
 *   DIR/00001763836000000000.m1   a segment: m1 records with crc, named by its first seq (20
 * digits) DIR/lock                      locked by the one writer (flock(2)); holds its process id
 *   DIR/checkpoints/NAME          how far the consumer NAME is: a mark (durable/mark.h)
 *   DIR/trimmed                   the last seq that was deleted: a mark
 *
 * Sequence numbers rise along a spool. In a segment each is one more than the
 * one before. Each start of a writer begins a segment, at the clock's
 * microseconds since 1970 if that is beyond the last number: so a number is
 * never used twice, even when records that were not synced are lost with the
 * power, or the spool is made anew.
 *
 * This header has what the writer (spool_writer.h), the reader
 * (spool_reader.h) and the trimming (spool_trim.h) share.
 */
#ifndef SENSORPIPE_SPOOL_H
#define SENSORPIPE_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A packet of MQTT is bounded by this, and a record of it takes at most four times as much (each
 * byte as \xHH) and a little for the fields of its own. */
#define SPOOL_PACKET_MAX ((size_t)16 << 20)
#define SPOOL_RECORD_MAX (4 * SPOOL_PACKET_MAX + 1024) /* bytes, without the LF */

enum { SPOOL_NAME_SIZE = 20 + 3 + 1 }; /* of a segment, with its NUL */
#define SPOOL_CHECKPOINTS "checkpoints"
#define SPOOL_TRIMMED     "trimmed"
#define SPOOL_LOCK        "lock"

/* The name of the segment that starts with this number. */
void spool_segment_name(uint64_t first, char name[SPOOL_NAME_SIZE]);

/* Whether a file of the spool is a segment; its first number. */
bool spool_is_segment(const char *name, uint64_t *first);

/* Opens the directory of a spool; ends the process with EX_NOINPUT when it cannot be. */
int spool_open_directory(const char *path);

/* The first numbers of the segments, in order. */
struct spool_segments {
	uint64_t *firsts;
	size_t count, cap;
};

/* Reads the directory; ends the process with EX_IOERR when it cannot be read. A zeroed struct is an
 * empty list; the memory is used again by the next call. */
void spool_list(int directory, const char *path, struct spool_segments *segments);
void spool_segments_free(struct spool_segments *segments);

#endif
