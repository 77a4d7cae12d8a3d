#include "watermark.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum db_status watermark_read(struct session *s)
{
	/* As text, so that it reads the same whatever integer type the column has. */
	static const char sql[] = "SELECT seq::text FROM ingest_watermarks WHERE source = $1::text";
	const char *const values[] = {s->source};
	const struct session_params params = {.count = 1, .values = values};
	PGresult *result;
	enum db_status status = session_query(s, sql, &params, &result);

	if (status != DB_OK)
		return status;
	s->watermark = PQntuples(result) ? strtoull(PQgetvalue(result, 0, 0), NULL, 10) : 0;
	PQclear(result);
	return DB_OK;
}

enum db_status watermark_advance(struct session *s, uint64_t seq)
{
	char text[WATERMARK_TEXT];
	const char *const values[] = {s->source, text};
	const struct session_params params = {.count = 2, .values = values};
	PGresult *result;
	enum db_status status;

	snprintf(text, sizeof(text), "%" PRIu64, seq);
	status = session_query(s, WATERMARK_UPSERT, &params, &result);
	if (status == DB_OK)
		PQclear(result);
	return status;
}
