/*
 * collect: all metrics files below a directory, as one text.
 *
 *   DIRECTORY/WORKER/TOOL.prom   and   DIRECTORY/WORKER/PART/TOOL.prom
 *
 * Taken in the order of their names. Symbolic links are not followed. A name has letters, digits
 * and
 * "._:@-" and begins with none of the latter; others are passed over with a warning (but for hidden
 * ones). Besides the files' own samples there are, for each file, its age, as a tool that hangs
 * leaves its file behind (and one that has nothing to do may), and whether it could be taken.
 */
#ifndef SENSORPIPE_COLLECT_H
#define SENSORPIPE_COLLECT_H

#include "base/buf.h"

enum {
	COLLECT_FILES_MAX = 1000,
	COLLECT_FILE_MAX = 1 << 20, /* bytes of one file */
	COLLECT_ALL_MAX = 8 << 20,  /* of all files together */
};

struct collected {
	size_t files;    /* in the text */
	size_t left_out; /* over a limit, unreadable, or not of the format */
};

/* Appends to `text`. A directory that is not there is an empty one. -1 with errno where it cannot
 * be read. */
int collect(const char *directory, struct buf *text, struct collected *c);

#endif
