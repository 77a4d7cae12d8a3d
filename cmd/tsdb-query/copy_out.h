/*
 * copy_out: the rows of a query, streamed by COPY TO STDOUT in binary.
 *
 * Constant memory: a row at a time. Where the next row is not there yet, the
 * output is flushed before waiting for it. While it waits, a stop request
 * (base/stop.h) or an output whose reader is gone ends the process, with EX_TEMPFAIL
 * or EX_IOERR, after cancelling the query at the server; so does any failure of
 * the query, by db_fail().
 */
#ifndef TSDB_QUERY_COPY_OUT_H
#define TSDB_QUERY_COPY_OUT_H

#include "base/slice.h"
#include "link/db.h"
#include "stream/out.h"

#include <stdbool.h>
#include <stdint.h>

struct copy_out {
	PGconn *conn;
	struct out *out;
	char *message; /* of the protocol; a row at the most */
	const char *pos, *end;
	bool begun; /* the head of the format was read */
};

/* Runs the query, a statement without parameters. */
void copy_out_begin(struct copy_out *c, PGconn *conn, const char *query, struct out *out);

/* Goes to the next row; false after the last, the statement then being complete. */
bool copy_out_next(struct copy_out *c);

/* The fields of the row from left to right, each asked for once, by the type it has. Only a float8
 * may be null. */
int16_t copy_out_int2(struct copy_out *c);
int32_t copy_out_int4(struct copy_out *c);
int64_t copy_out_time(struct copy_out *c); /* microseconds since 1970 */
bool copy_out_bool(struct copy_out *c);
double copy_out_float8(struct copy_out *c);     /* NaN: null */
struct slice copy_out_text(struct copy_out *c); /* until the next row */

#endif
