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
		encode_copy_text(chunk, &head, batch_text(b, v));
	else
		encode_copy_number(chunk, &head, v->number);
}

/* Sends the rows of one table. False when they cannot be sent: the server has refused one already
 * (then the rest would go in vain), or the connection is lost; the next result says which. */
static bool send_rows(struct session *s, const struct batch *b, const struct rows *rows,
                      struct buf *chunk)
{
	buf_clear(chunk);
	encode_copy_begin(chunk);
	for (size_t i = 0; i < rows->count; i++) {
		encode_row(chunk, b, &rows->keys[i]);
		if (chunk->len < CHUNK)
			continue;
		if (PQputCopyData(s->conn, chunk->ptr, (int)chunk->len) != 1)
			return false;
		buf_clear(chunk);
	}
	encode_copy_end(chunk);
	return PQputCopyData(s->conn, chunk->ptr, (int)chunk->len) == 1 &&
	       PQputCopyEnd(s->conn, NULL) == 1;
}

static const char copy_numbers[] =
    "COPY sensor_readings (time, value, sensor_id, metric_id, quality) FROM STDIN (FORMAT binary);";
static const char copy_texts[] =
    "COPY sensor_texts (time, value, sensor_id, metric_id, quality) FROM STDIN (FORMAT binary);";

/* Sends all statements as one query, whose end is the end of its implicit transaction. */
static bool send_query(struct session *s, const struct row_set *set, uint64_t watermark,
                       struct buf *sql)
{
	buf_clear(sql);
	if (watermark)
		watermark_append(sql, s, watermark);
	if (set->numbers.count)
		buf_append_string(sql, copy_numbers);
	if (set->texts.count)
		buf_append_string(sql, copy_texts);
	return PQsendQuery(s->conn, buf_string(sql)) == 1;
}

enum db_status copy_rows(struct attempt *a, struct buf *chunk)
{
	struct session *s = a->session;
	const struct rows *next = a->rows.numbers.count ? &a->rows.numbers : &a->rows.texts;
	enum db_status status = DB_OK;
	bool sent = true;
	PGresult *result;

	if (!send_query(s, &a->rows, a->watermark, chunk))
		return session_failed(s, NULL);
	while ((result = PQgetResult(s->conn))) {
		ExecStatusType kind = PQresultStatus(result);

		if (kind == PGRES_COPY_IN) {
			PQclear(result);
			if (!sent) /* and no word from the server why */
				return session_failed(s, NULL);
			sent = send_rows(s, a->batch, next, chunk);
			next = &a->rows.texts;
		} else if (kind != PGRES_COMMAND_OK && status == DB_OK) {
			status = session_failed(s, result);
		} else {
			PQclear(result);
		}
	}
	a->marked = status == DB_OK && a->watermark;
	return status;
}
