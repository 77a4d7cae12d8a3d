/*
 * unpack: what a file holds, be it compressed or not.
 *
 * The first bytes tell: gzip (RFC 1952) goes through zlib, Zstandard (RFC 8878)
 * through libzstd, anything else is given as it is. All members of a gzip file
 * and all frames of a zstd file are read. Compressed data that ends too early,
 * is damaged, or is followed by something else is a fault, never an end.
 *
 * Memory is bounded: by about 400 KB, for zstd by the window of the file, which
 * may have at most 2^UNPACK_WINDOW_LOG bytes (that of zstd --ultra -22).
 */
#ifndef SENSORPIPE_UNPACK_H
#define SENSORPIPE_UNPACK_H

#include "stream/line.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UNPACK_WINDOW_LOG = 27 };

enum unpack_format { UNPACK_UNKNOWN, UNPACK_PLAIN, UNPACK_GZIP, UNPACK_ZSTD };

struct unpack {
	/* To be read by the caller. */
	enum unpack_format format; /* known after the first bytes */
	uint64_t offset;           /* bytes of the file that were read */
	const char *fault;         /* what is wrong with the content; NULL: nothing */

	/* Private. */
	int fd;
	void *codec; /* z_stream, ZSTD_DStream */
	char *bytes; /* read, from `start` to `end` not yet taken in */
	size_t start, end;
	bool at_end, inside; /* of the file; a member or frame */
	bool full;           /* the codec may have more to give than there was room for */
	char text[96];       /* of the fault */
};

/* `fd` stays the caller's. Memory that cannot be had ends the process with EX_OSERR. */
void unpack_init(struct unpack *u, int fd);

/*
 * As read(2), which is called once at most. -1 with u->fault set: the content
 * is damaged; else with errno, EAGAIN where what was read gave nothing yet.
 */
ssize_t unpack_read(struct unpack *u, void *bytes, size_t len);

/* For a line_reader's `source`. */
struct line_source unpack_source(struct unpack *u);

void unpack_free(struct unpack *u);

#endif
