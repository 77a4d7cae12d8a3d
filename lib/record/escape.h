/*
 * escape: the text form of bytes inside a record's field.
 *
 * `\\` is a backslash, `\t` TAB, `\n` LF, `\r` CR, and `\xHH` any other byte
 * that is below 0x20, is 0x7f, or is not part of valid UTF-8; nothing else is
 * escaped. See sensorpipe-records(5).
 */
#ifndef SENSORPIPE_ESCAPE_H
#define SENSORPIPE_ESCAPE_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>

/* Appends the escaped form of any bytes. */
void escape_append(struct buf *b, struct slice bytes);

/*
 * Appends the bytes an escaped field stands for: at most field.len of them.
 * Returns 0, or -1 on a malformed escape, *at then being its offset.
 */
int unescape_append(struct buf *b, struct slice field, size_t *at);

/* What a line holds; found in one pass. */
struct escape_scan {
	bool backslash; /* something is escaped */
	bool sound;     /* no control byte but TAB, and valid UTF-8 */
	size_t bad_at;  /* when not sound: offset of the first bad byte */
};
void escape_scan(struct slice line, struct escape_scan *scan);

/*
 * Appends a line for keeping in a dead letter: as it is when it is sound, else
 * with its control bytes (TAB stays) and invalid bytes escaped. Backslashes
 * stay as they are, so that the fields of a record stay the fields they were.
 */
void escape_append_line(struct buf *b, struct slice line);

#endif
