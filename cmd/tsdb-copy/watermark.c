#include "watermark.h"

#include "base/clock.h"
#include "base/msg.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum db_status watermark_read(struct session *s)
{
	/* As text, so that they read the same whatever integer types they have. */
	static const char sql[] =
	    "SELECT coalesce((SELECT seq FROM ingest_watermarks WHERE source = $1::text), 0)::text,"
	    " (extract(epoch FROM clock_timestamp()) * 1000000)::bigint::text";
	const char *const values[] = {s->source};
	const struct session_params params = {.count = 1, .values = values};
	PGresult *result;
	enum db_status status = session_query(s, sql, &params, &result);

	if (status != DB_OK)
		return status;
	s->watermark = strtoull(PQgetvalue(result, 0, 0), NULL, 10);
	s->clock = strtoll(PQgetvalue(result, 0, 1), NULL, 10) - clock_monotonic();
	PQclear(result);
	return DB_OK;
}

void watermark_append(struct buf *sql, const struct session *s, uint64_t seq)
{
	char *source = PQescapeLiteral(s->conn, s->source, strlen(s->source));

	/* It was checked to be valid UTF-8: only memory can be out. */
	if (!source)
		msg_die(EX_OSERR, "out of memory");
	buf_printf(sql, WATERMARK_UPSERT("%s", "%" PRIu64, "true") ";", source, seq, seq);
	PQfreemem(source);
}
