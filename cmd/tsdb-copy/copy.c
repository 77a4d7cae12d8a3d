#include "copy.h"

#include "encode.h"
#include "watermark.h"

#include <stdbool.h>

enum { CHUNK = 64 * 1024 }; /* bytes handed to libpq at once */

static void encode_row(struct buf *chunk, const struct batch *b, const struct sort_key *key)
{
	const struct batch_value *v = &b->values[key->value];
	struct row_head head = {
	    .time = sort_time_us(key->time),
	    .sensor_id = sort_sensor_id(key->series),
	    .metric_id = sort_metric_id(key->series),
	    .quality = v->quality,
	};

	if (v->is_text)
		encode_copy_text(chunk, &head,
				 (struct slice){b->texts.ptr + v->text_at, v->text_len});
	else
		encode_copy_number(chunk, &head, v->number);
}

/* What the server says at the end of COPY. */
static enum db_status copy_result(struct session *s)
{
	enum db_status status = DB_OK;
	PGresult *result;

	while ((result = PQgetResult(s->conn))) {
		ExecStatusType kind = PQresultStatus(result);

		if (kind != PGRES_COMMAND_OK && status == DB_OK)
			status = session_failed(s, result);
		else
			PQclear(result);
		if (kind == PGRES_COPY_IN) /* still: libpq could not buffer or send */
			return DB_TRANSIENT;
	}
	return status;
}

/*
 * The rows of one table. When the server has refused one already, sending fails
 * here and the reason comes with the result, so the rest is not sent in vain.
 */
static enum db_status copy_table(struct session *s, const char *begin_copy, const struct batch *b,
				 const struct rows *rows, struct buf *chunk)
{
	PGresult *result = PQexec(s->conn, begin_copy);
	bool sent = true;

	if (PQresultStatus(result) != PGRES_COPY_IN)
		return session_failed(s, result);
	PQclear(result);
	buf_clear(chunk);
	encode_copy_begin(chunk);
	for (size_t i = 0; i < rows->count && sent; i++) {
		encode_row(chunk, b, &rows->keys[i]);
		if (chunk->len >= CHUNK) {
			sent = PQputCopyData(s->conn, chunk->ptr, (int)chunk->len) == 1;
			buf_clear(chunk);
		}
	}
	encode_copy_end(chunk);
	if (sent)
		sent = PQputCopyData(s->conn, chunk->ptr, (int)chunk->len) == 1;
	if (sent)
		PQputCopyEnd(s->conn, NULL);
	return copy_result(s);
}

static enum db_status copy_and_commit(struct session *s, const struct batch *b,
				      const struct row_set *set, uint64_t watermark,
				      struct buf *chunk)
{
	enum db_status status = session_command(s, "BEGIN");

	if (status == DB_OK && set->numbers.count)
		status = copy_table(s,
				    "COPY sensor_readings (time, value, sensor_id, metric_id,"
				    " quality) FROM STDIN (FORMAT binary)",
				    b, &set->numbers, chunk);
	if (status == DB_OK && set->texts.count)
		status = copy_table(s,
				    "COPY sensor_texts (time, value, sensor_id, metric_id,"
				    " quality) FROM STDIN (FORMAT binary)",
				    b, &set->texts, chunk);
	if (status == DB_OK && watermark)
		status = watermark_advance(s, watermark);
	if (status == DB_OK)
		status = session_command(s, "COMMIT");
	return status;
}

enum db_status copy_rows(struct session *s, const struct batch *b, const struct row_set *set,
			 uint64_t watermark, struct buf *chunk)
{
	enum db_status status = copy_and_commit(s, b, set, watermark, chunk);

	return status == DB_OK ? DB_OK : session_rollback(s, status);
}
