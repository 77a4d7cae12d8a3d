/*
 * watermark: how far a source is stored: the seq of its last complete message.
 *
 * It is written in the transaction that stores the message, and never goes back.
 */
#ifndef TSDB_COPY_WATERMARK_H
#define TSDB_COPY_WATERMARK_H

#include "session.h"

#include <stdint.h>

/* As a statement or part of one: $1 is the source, $2 the seq, or null for nothing. */
#define WATERMARK_UPSERT                                                                     \
	"INSERT INTO ingest_watermarks AS w (source, seq, updated)"                          \
	" SELECT $1::text, $2::bigint, now() WHERE $2::bigint IS NOT NULL"                   \
	" ON CONFLICT (source) DO UPDATE SET seq = excluded.seq, updated = excluded.updated" \
	" WHERE w.seq < excluded.seq"

enum { WATERMARK_TEXT = 21 }; /* bytes of a seq as text, with its NUL */

/* Reads s->watermark. */
enum db_status watermark_read(struct session *s);

/* Writes it in the transaction under way; `seq` is at most INT64_MAX. */
enum db_status watermark_advance(struct session *s, uint64_t seq);

#endif
