/*
 * screen: a page that is drawn again and again at the same place of a terminal. No I/O.
 *
 * By control sequences that every terminal of today knows (ECMA-48, and DEC's
 * for the wrapping of lines). The old page is overwritten line by line, so
 * nothing flickers.
 */
#ifndef SENSORPIPE_TSDB_ADMIN_SCREEN_H
#define SENSORPIPE_TSDB_ADMIN_SCREEN_H

#include "base/buf.h"

/* Appends what draws the page, whose lines all end with LF, on a terminal of so many rows; 0: as
 * many as it takes. Of a longer page the rest is left out, and the last row says so; lines that are
 * too long are cut by the terminal. */
void screen_append(struct buf *out, struct slice page, unsigned rows);

#endif
