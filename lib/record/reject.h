/*
 * reject: where a tool puts what it cannot take: x1 records (dead letters).
 *
 *   x1 rejected-at tool code detail <the original record, all its fields>
 *
 * `cut -f6-` gives the originals back, to be mended and fed in again. The file
 * is opened for appending, so it may be shared by tools and rotated by
 * copying and truncating. What is flushed is synced: a dead letter is on the
 * disk before a record goes on that lets the watermark pass its message (see
 * out.first). Codes are short lower-case words with hyphens, one a kind of
 * failure, listed in the tool's manual page.
 */
#ifndef SENSORPIPE_REJECT_H
#define SENSORPIPE_REJECT_H

#include "base/slice.h"
#include "stream/out.h"

#include <stdint.h>

enum { REJECT_DETAIL_MAX = 1024 }; /* bytes; longer details are cut */

struct reject {
	struct out out;
	uint64_t count; /* dead letters written */
};

/* `path` NULL means standard error. */
void reject_open(struct reject *r, const char *path);

/* `original` is the line as it was read, without its LF; `detail` is printf-formatted. */
void reject_line(struct reject *r, struct slice original, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

void reject_close(struct reject *r);

#endif
