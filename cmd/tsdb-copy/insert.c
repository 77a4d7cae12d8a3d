#include "insert.h"

#include "encode.h"
#include "watermark.h"

#include <inttypes.h>
#include <stdio.h>

static const char statement[] = "WITH mark AS (" WATERMARK_UPSERT(
    "$1",
    "$2") "), "
	  "numbers AS (INSERT INTO sensor_readings (time, value, sensor_id, metric_id, quality)"
	  " SELECT * FROM unnest($3::timestamptz[], $4::float8[], $5::int[], $6::smallint[],"
	  " $7::smallint[]) ON CONFLICT DO NOTHING RETURNING sensor_id, metric_id, time), "
	  "texts AS (INSERT INTO sensor_texts (time, value, sensor_id, metric_id, quality)"
	  " SELECT * FROM unnest($8::timestamptz[], $9::text[], $10::int[], $11::smallint[],"
	  " $12::smallint[]) ON CONFLICT DO NOTHING RETURNING sensor_id, metric_id, time) "
	  "SELECT false, sensor_id, metric_id, time FROM numbers"
	  " UNION ALL SELECT true, sensor_id, metric_id, time FROM texts";

enum column { TIME, VALUE, SENSOR, METRIC, QUALITY };

/* Encodes rows [from, to) of a table as one array a column. */
static void encode_slice(struct buf columns[INSERT_COLUMNS], enum pg_oid value_type,
                         const struct batch *b, const struct rows *rows, size_t from, size_t to)
{
	const enum pg_oid types[INSERT_COLUMNS] = {OID_TIMESTAMPTZ, value_type, OID_INT4, OID_INT2,
	                                           OID_INT2};

	for (int c = 0; c < INSERT_COLUMNS; c++) {
		buf_clear(&columns[c]);
		encode_array_begin(&columns[c], types[c], to - from);
	}
	for (size_t i = from; i < to; i++) {
		const struct sort_key *key = &rows->keys[i];
		const struct batch_value *v = &b->values[key->value];

		encode_element_time(&columns[TIME], sort_time_us(key->time));
		if (v->is_text)
			encode_element_text(&columns[VALUE],
			                    (struct slice){b->texts.ptr + v->text_at, v->text_len});
		else
			encode_element_f64(&columns[VALUE], v->number);
		encode_element_i32(&columns[SENSOR], sort_sensor_id(key->series));
		encode_element_i16(&columns[METRIC], sort_metric_id(key->series));
		encode_element_i16(&columns[QUALITY], v->quality);
	}
}

/* Marks the readings of the keys that came back. */
static void mark_fresh(struct batch *b, const struct row_set *set, const PGresult *result)
{
	int count = PQntuples(result);

	for (int i = 0; i < count; i++) {
		const struct rows *rows = *PQgetvalue(result, i, 0) ? &set->texts : &set->numbers;
		struct sort_key key = {
		    .series = sort_series(decode_i32(PQgetvalue(result, i, 1)),
		                          decode_i16(PQgetvalue(result, i, 2))),
		    .time = sort_time(decode_time(PQgetvalue(result, i, 3))),
		};
		const struct sort_key *row = rows_find(rows, &key);

		if (row)
			b->readings[b->values[row->value].reading].fresh = true;
	}
}

/* One statement: the encoded slices, and the watermark unless it is 0. */
static enum db_status insert_slice(struct session *s, struct batch *b, const struct row_set *set,
                                   uint64_t watermark, const struct insert *scratch,
                                   uint64_t *fresh_rows)
{
	enum { PARAMS = 2 + 2 * INSERT_COLUMNS };
	char seq[WATERMARK_TEXT];
	const char *values[PARAMS] = {s->source, watermark ? seq : NULL};
	int lengths[PARAMS] = {0}, formats[PARAMS] = {0};
	const struct session_params params = {PARAMS, values, lengths, formats};
	PGresult *result;
	enum db_status status;

	snprintf(seq, sizeof(seq), "%" PRIu64, watermark);
	for (int i = 2; i < PARAMS; i++) {
		const struct buf *column = i < 2 + INSERT_COLUMNS
		                               ? &scratch->numbers[i - 2]
		                               : &scratch->texts[i - 2 - INSERT_COLUMNS];

		values[i] = column->ptr;
		lengths[i] = (int)column->len;
		formats[i] = 1;
	}
	status = session_query(s, statement, &params, &result);
	if (status != DB_OK)
		return status;
	mark_fresh(b, set, result);
	*fresh_rows += (uint64_t)PQntuples(result);
	PQclear(result);
	return DB_OK;
}

static size_t slice_end(size_t from, size_t count)
{
	return count - from < INSERT_ROWS ? count : from + INSERT_ROWS;
}

/* All slices; the watermark goes with the last. */
static enum db_status insert_slices(struct session *s, struct batch *b, const struct row_set *set,
                                    uint64_t watermark, struct insert *scratch,
                                    uint64_t *fresh_rows)
{
	size_t number = 0, text = 0;
	enum db_status status;

	do {
		size_t number_end = slice_end(number, set->numbers.count);
		size_t text_end = slice_end(text, set->texts.count);
		bool last = number_end == set->numbers.count && text_end == set->texts.count;

		encode_slice(scratch->numbers, OID_FLOAT8, b, &set->numbers, number, number_end);
		encode_slice(scratch->texts, OID_TEXT, b, &set->texts, text, text_end);
		status = insert_slice(s, b, set, last ? watermark : 0, scratch, fresh_rows);
		number = number_end;
		text = text_end;
	} while (status == DB_OK && (number < set->numbers.count || text < set->texts.count));
	return status;
}

enum db_status insert_rows(struct session *s, struct batch *b, const struct row_set *set,
                           uint64_t watermark, struct insert *scratch, uint64_t *fresh_rows)
{
	bool one = set->numbers.count <= INSERT_ROWS && set->texts.count <= INSERT_ROWS;
	enum db_status status = one ? DB_OK : session_command(s, "BEGIN");

	*fresh_rows = 0;
	if (status == DB_OK)
		status = insert_slices(s, b, set, watermark, scratch, fresh_rows);
	if (one)
		return status;
	if (status == DB_OK)
		status = session_command(s, "COMMIT");
	return status == DB_OK ? DB_OK : session_rollback(s, status);
}

void insert_free(struct insert *scratch)
{
	for (int c = 0; c < INSERT_COLUMNS; c++) {
		buf_free(&scratch->numbers[c]);
		buf_free(&scratch->texts[c]);
	}
}
