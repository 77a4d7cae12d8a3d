/*
 * spool_writer: appends messages to a spool (durable/spool.h), so that they can be acknowledged.
 *
 * Order of writes, for the loss of power (SPOOL_SYNC_ALWAYS): a segment is
 * created and the directory synced (fsync(2)); a record is written; its data
 * and the file's size are synced (fdatasync(2)); only then spool_append()
 * returns SPOOL_OK and the message may be acknowledged.
 *
 * Opening recovers the last segment (durable/spool_recover.h). The segments before
 * it are the readers' to check.
 *
 * Threads: spool_append() is for one thread, all else for another one.
 */
#ifndef SENSORPIPE_SPOOL_WRITER_H
#define SENSORPIPE_SPOOL_WRITER_H

#include "durable/spool.h"
#include "observe/histogram.h"
#include "record/record.h"

#include <stdbool.h>
#include <stdint.h>

#define SPOOL_SEGMENT_DEFAULT (UINT64_C(64) << 20) /* bytes */
#define SPOOL_SEGMENT_LEAST   (UINT64_C(4) << 10)
#define SPOOL_SEGMENT_MOST    (UINT64_C(1) << 40)
#define SPOOL_SIZE_DEFAULT    (UINT64_C(10) << 30)
#define SPOOL_KEEP_DEFAULT    INT64_C(86400000000) /* microseconds: a day */
#define SPOOL_TICK            INT64_C(1000000) /* microseconds between looks at the checkpoints */

/* When a record is on the disk for good, not only in the system's memory. */
enum spool_sync {
	SPOOL_SYNC_ALWAYS,   /* before spool_append() returns */
	SPOOL_SYNC_INTERVAL, /* at most `interval` later */
	SPOOL_SYNC_NONE,     /* when the system likes */
};

struct spool_options {
	const char *path;
	enum spool_sync sync;
	int64_t interval;      /* microseconds */
	uint64_t segment_size; /* bytes; a segment that has as many is ended */
	uint64_t max_size;     /* bytes of all segments */
	int64_t keep;          /* microseconds; see durable/spool_trim.h */
};

enum spool_result {
	SPOOL_OK,
	SPOOL_FULL,   /* the spool has max_size bytes, or the disk is full (ENOSPC, EDQUOT);
	                 nothing was written */
	SPOOL_FAILED, /* errno (EMSGSIZE: over SPOOL_RECORD_MAX); the message must not be
	                 acknowledged, and the process has to end */
};

/* What is in the spool, for metrics and messages. */
struct spool_state {
	uint64_t head;  /* last number given; 0: none */
	uint64_t bytes; /* of all segments */
	uint64_t segments;
	bool full;      /* the last append was refused */
	int full_error; /* and why: ENOSPC, EDQUOT, or 0 for max_size */
};

struct spool_writer;

/*
 * Opens the spool, making it where there is none, and recovers it. Ends the
 * process with EX_TEMPFAIL when another one has it open, EX_CANTCREAT when it cannot be
 * written, EX_DATAERR when it is damaged. `options` must outlive the writer.
 */
struct spool_writer *spool_writer_open(const struct spool_options *options);

/*
 * Appends the message as a record with the next number, which is stored in
 * m->seq. `line`, if not NULL, is set to the record with its LF, valid until the
 * next call.
 */
enum spool_result spool_append(struct spool_writer *w, struct message *m, struct slice *line);

/* The other thread, when spool_due() is past by clock_monotonic(): syncs, and deletes what is not
 * needed any more. 0, or -1 with errno: a sync failed, and the process has to end. */
int spool_tick(struct spool_writer *w);
int64_t spool_due(const struct spool_writer *w);

struct spool_state spool_state(struct spool_writer *w);

/* Copies how long the syncs took that appends waited for. */
void spool_sync_times(struct spool_writer *w, struct histogram *copy);

/* Syncs and closes. 0, or -1 with errno. */
int spool_writer_close(struct spool_writer *w);

#endif
