/*
 * segment: reads one segment of a spool, every record checked.
 *
 * A record is sound when it is an m1 record of at most SPOOL_RECORD_MAX bytes
 * with a crc that matches, and its number is the one that is due: that of the
 * segment's name first, then one more each time. Reading can go on where it
 * ended once the file has grown.
 */
#ifndef SENSORPIPE_SEGMENT_H
#define SENSORPIPE_SEGMENT_H

#include "base/buf.h"
#include "base/slice.h"
#include "durable/spool.h"
#include "record/record.h"

#include <stdbool.h>
#include <stdint.h>

enum segment_status {
	SEGMENT_RECORD,  /* s->line, s->message; valid until the next call */
	SEGMENT_END,     /* no byte is left */
	SEGMENT_PARTIAL, /* the bytes left, s->line, are a record without its line end */
	SEGMENT_DAMAGED, /* s->line is no sound record, or it is empty: records are missing;
	                    s->fault */
	SEGMENT_FAILED,  /* read failed: errno */
};

struct segment {
	/* To be read by the caller. */
	char name[SPOOL_NAME_SIZE];
	uint64_t due;    /* the number of the next record */
	uint64_t offset; /* of s->line in the file, in bytes */
	uint64_t end;    /* where the next record starts */
	struct slice line;
	struct message message;
	const char *fault; /* a static text */

	/* Private. */
	int fd;
	bool salvaging; /* behind damage */
	struct buf bytes, scratch;
	size_t start, scanned; /* of what is buffered: the next record; where no LF is before */
};

/* Opens the segment in the directory. 0, or -1 with errno. */
int segment_open(struct segment *s, int directory, uint64_t first);

/*
 * The next record. After SEGMENT_END and SEGMENT_PARTIAL a further call reads
 * what was written since. After SEGMENT_DAMAGED a further call goes on behind
 * the damage, and takes the number of the next record as it is: to salvage.
 */
enum segment_status segment_next(struct segment *s);

/* Forgets the bytes that were read after the last record or damage: they are read again. */
void segment_reread(struct segment *s);

/* After SEGMENT_PARTIAL: it will not be finished, so it is damage: as SEGMENT_DAMAGED. */
void segment_give_up(struct segment *s);

/*
 * Instead of segment_next(): the last whole record, found from the end of the
 * file without reading the others. SEGMENT_RECORD; SEGMENT_END: there is none;
 * SEGMENT_DAMAGED: it is not sound; SEGMENT_FAILED.
 */
enum segment_status segment_last(struct segment *s);

void segment_close(struct segment *s);

#endif
