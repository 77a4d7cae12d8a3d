/*
 * watermark: how far a source's messages are stored.
 */
#ifndef SENSORPIPE_TSDB_ADMIN_WATERMARK_H
#define SENSORPIPE_TSDB_ADMIN_WATERMARK_H

#include "link/pg.h"

#include <stdint.h>

/* Prints the last sequence number of `source` up to which all is stored, 0 when nothing is. */
void watermark_print(PGconn *conn, const char *source);

/* An attempt to read it. */
struct watermark {
	int status;   /* EX_OK, or the exit status that `why` deserves */
	uint64_t seq; /* 0: nothing is stored */
	char why[PG_MESSAGE_MAX];
};

/* Connects and reads; ends nothing when that fails. */
struct watermark watermark_try(const char *conninfo, const char *source);

#endif
