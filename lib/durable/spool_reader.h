/*
 * spool_reader: the records of a spool from a number on, each checked, in order.
 *
 * Any number of readers may read while the writer writes; they need only the
 * right to read. A record is given once its line end is written. What stands
 * unfinished at the end of the last segment is not a record (yet): it was not
 * acknowledged. An unfinished record in any other segment, or one that is not
 * sound (durable/segment.h), is damage: the reader stops there and says where.
 */
#ifndef SENSORPIPE_SPOOL_READER_H
#define SENSORPIPE_SPOOL_READER_H

#include "durable/segment.h"
#include "durable/spool.h"

#include <stdbool.h>
#include <stdint.h>

enum spool_status {
	SPOOL_RECORD,  /* r->segment.line (as it is in the file), r->segment.message */
	SPOOL_END,     /* nothing more for now */
	SPOOL_DAMAGED, /* r->segment.name, .offset, .line, .fault; the next call goes on behind it
	                */
};

struct spool_reader {
	/* To be read by the caller. */
	struct segment segment;
	uint64_t last; /* the number of the last record given or passed over; 0: none */
	uint64_t
	    missing; /* the last number that was deleted before it was read; 0: none is missing */
	size_t partial; /* with SPOOL_END: bytes of an unfinished record behind it */

	/* Private. */
	const char *path;
	int directory, inotify;
	bool is_open;   /* r->segment */
	bool is_closed; /* a later one is there: what this one holds now is all */
	bool changed;   /* the directory, perhaps */
	struct spool_segments segments;
	uint64_t first, after;
};

/*
 * Opens the spool for records with numbers over `after`. Ends the process with
 * EX_NOINPUT when it is none. r->missing tells of a gap at once when the
 * spool was trimmed beyond `after` (unless that is 0: then from the first there
 * is). With `follow`, spool_reader_fd() can be waited for.
 */
void spool_reader_open(struct spool_reader *r, const char *path, uint64_t after, bool follow);

/* Ends the process with EX_IOERR when reading fails. */
enum spool_status spool_reader_next(struct spool_reader *r);

/* After SPOOL_END: readable when there may be more. Only with `follow`. */
int spool_reader_fd(const struct spool_reader *r);

/* Bytes of all segments, and of those before the place of reading: for a progress bar. */
void spool_reader_progress(struct spool_reader *r, uint64_t *done, uint64_t *total);

void spool_reader_close(struct spool_reader *r);

#endif
