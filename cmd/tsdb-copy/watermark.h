/*
 * watermark: how far a source is stored: the seq of its last complete message.
 *
 * It is written in the transaction that stores the message, and never goes back.
 */
#ifndef TSDB_COPY_WATERMARK_H
#define TSDB_COPY_WATERMARK_H

#include "base/buf.h"
#include "session.h"

#include <stdint.h>

/* The statement; the values and the condition are SQL expressions. A seq of null writes nothing. */
#define WATERMARK_UPSERT(source, seq, condition)                                             \
	"INSERT INTO ingest_watermarks AS w (source, seq, updated)"                          \
	" SELECT " source ", " seq ", now() WHERE " seq " IS NOT NULL AND (" condition ")"   \
	" ON CONFLICT (source) DO UPDATE SET seq = excluded.seq, updated = excluded.updated" \
	" WHERE w.seq < excluded.seq"

enum { WATERMARK_TEXT = 21 }; /* bytes of a seq as text, with its NUL */

/* Reads s->watermark, and the clock on the way. */
enum db_status watermark_read(struct session *s);

/* Appends the statement that writes it and a semicolon; `seq` is at most INT64_MAX. */
void watermark_append(struct buf *sql, const struct session *s, uint64_t seq);

#endif
