/*
 * backlog: what a spool holds beyond a sequence number.
 *
 * Numbers jump where a writer started anew (durable/spool.h), so messages are
 * counted segment by segment: within one, numbers follow each other, and its
 * last record is found from the end of the file. Only the segment with the
 * oldest message is read through. Works beside the writer and its trimming.
 */
#ifndef SENSORPIPE_TSDB_ADMIN_BACKLOG_H
#define SENSORPIPE_TSDB_ADMIN_BACKLOG_H

#include <stddef.h>
#include <stdint.h>

struct backlog {
	uint64_t head;         /* the last number in the spool; 0: it never held a message */
	int64_t head_received; /* microseconds since the epoch; 0: that message was deleted */
	uint64_t messages;     /* with numbers beyond the given one */
	int64_t oldest;        /* when the first of them was received; 0: there is none */
	uint64_t missing; /* the last number beyond the given one that was deleted; 0: none was */
	size_t segments;
	uint64_t bytes; /* of them */
};

/*
 * Looks for what is beyond `after`; 0 means nothing was stored yet, and that
 * nothing is missing. Ends the process with EX_NOINPUT when there is no
 * spool, EX_IOERR when it cannot be read, EX_DATAERR when it is damaged where it is
 * looked at.
 */
void backlog_read(struct backlog *b, const char *path, uint64_t after);

#endif
