/*
 * watermark: how far a source's messages are stored.
 */
#ifndef SENSORPIPE_TSDB_ADMIN_WATERMARK_H
#define SENSORPIPE_TSDB_ADMIN_WATERMARK_H

#include "link/pg.h"

/* Prints the last sequence number of `source` up to which all is stored, 0 when nothing is. */
void watermark_print(PGconn *conn, const char *source);

#endif
