#include "insert.h"

#include "encode.h"
#include "watermark.h"

#include <stdbool.h>

#define INSERT(table, arrays, on_conflict)                                   \
	"INSERT INTO " table " (time, value, sensor_id, metric_id, quality)" \
	" SELECT * FROM unnest(" arrays ")" on_conflict " RETURNING sensor_id, metric_id, time"
#define NUMBERS(on_conflict) \
	"numbers AS (" INSERT("sensor_readings", "$3, $4, $5, $6, $7", on_conflict) ")"
#define TEXTS(on_conflict) \
	"texts AS (" INSERT("sensor_texts", "$8, $9, $10, $11, $12", on_conflict) ")"

#define COUNT_NUMBERS  "(SELECT count(*) FROM numbers) = cardinality($3)"
#define COUNT_TEXTS    "(SELECT count(*) FROM texts) = cardinality($8)"
#define SELECT_NUMBERS "SELECT false, sensor_id, metric_id, time FROM numbers"
#define SELECT_TEXTS   "SELECT true, sensor_id, metric_id, time FROM texts"

/* The watermark goes in only if every row comes back. */
#define WATERMARK(condition) ", mark AS (" WATERMARK_UPSERT("$1", "$2", condition) ") "

#define FOR_NUMBERS(on_conflict) \
	"WITH " NUMBERS(on_conflict) WATERMARK(COUNT_NUMBERS) SELECT_NUMBERS
#define FOR_TEXTS(on_conflict) "WITH " TEXTS(on_conflict) WATERMARK(COUNT_TEXTS) SELECT_TEXTS
#define FOR_BOTH(on_conflict)                                \
	"WITH " NUMBERS(on_conflict) ", " TEXTS(on_conflict) \
	    WATERMARK(COUNT_NUMBERS " AND " COUNT_TEXTS) SELECT_NUMBERS " UNION ALL " SELECT_TEXTS

#define KEEP " ON CONFLICT DO NOTHING"
static const struct arrays_sql new_rows = {FOR_NUMBERS(KEEP), FOR_TEXTS(KEEP), FOR_BOTH(KEEP)};

#define OVER                                        \
	" ON CONFLICT (sensor_id, metric_id, time)" \
	" DO UPDATE SET value = excluded.value, quality = excluded.quality"
static const struct arrays_sql over_rows = {FOR_NUMBERS(OVER), FOR_TEXTS(OVER), FOR_BOTH(OVER)};

/* Marks the rows of the keys that came back. */
static void mark_written(struct row_set *set, const PGresult *result)
{
	int count = PQntuples(result);

	for (int i = 0; i < count; i++) {
		const struct rows *rows = *PQgetvalue(result, i, 0) ? &set->texts : &set->numbers;
		struct sort_key key = {
		    .series = sort_series(decode_i32(PQgetvalue(result, i, 1)),
		                          decode_i16(PQgetvalue(result, i, 2))),
		    .time = sort_time(decode_time(PQgetvalue(result, i, 3))),
		};
		struct sort_key *row = rows_find(rows, &key);

		if (row)
			row->mark = ROW_WRITTEN;
	}
}

static void pick_state(struct table_arrays *t, const struct rows *rows, enum row_state state)
{
	for (size_t i = 0; i < rows->count; i++)
		if (rows->keys[i].mark == state)
			arrays_pick(t, i, rows->keys[i].value);
}

/* All slices; the watermark goes with the last. */
static enum db_status run_slices(struct attempt *a, const struct arrays_sql *sql,
                                 uint64_t watermark)
{
	const struct arrays *given = &a->arrays;
	bool last;

	do {
		enum db_status status;
		PGresult *result;

		last = arrays_next(&a->arrays, a->batch, &a->rows);
		status = arrays_query(given, a->session, sql, last ? watermark : 0, &result);
		if (status != DB_OK)
			return status;
		mark_written(&a->rows, result);
		if ((size_t)PQntuples(result) != arrays_slice(given))
			watermark = 0;
		PQclear(result);
	} while (!last);
	a->marked = watermark != 0;
	return DB_OK;
}

static void reset_state(struct rows *rows, const struct table_arrays *t, enum row_state state)
{
	for (size_t i = 0; i < t->count; i++)
		rows->keys[t->picks[i].key].mark = state;
}

/* Stores the rows of this state, in one transaction. */
static enum db_status store_rows(struct attempt *a, const struct arrays_sql *sql,
                                 enum row_state state, uint64_t watermark)
{
	struct table_arrays *numbers = &a->arrays.numbers, *texts = &a->arrays.texts;
	enum db_status status;

	arrays_begin(&a->arrays);
	pick_state(numbers, &a->rows.numbers, state);
	pick_state(texts, &a->rows.texts, state);
	if (a->in_transaction || (numbers->count <= ARRAYS_ROWS && texts->count <= ARRAYS_ROWS))
		return run_slices(a, sql, watermark);
	status = session_command(a->session, "BEGIN");
	if (status == DB_OK)
		status = run_slices(a, sql, watermark);
	if (status == DB_OK)
		status = session_command(a->session, "COMMIT");
	if (status == DB_OK)
		return DB_OK;
	reset_state(&a->rows.numbers, numbers, state);
	reset_state(&a->rows.texts, texts, state);
	a->marked = false;
	return session_rollback(a->session, status);
}

enum db_status insert_new(struct attempt *a)
{
	return store_rows(a, &new_rows, ROW_OPEN, attempt_watermark(a));
}

enum db_status insert_over(struct attempt *a)
{
	return store_rows(a, &over_rows, ROW_CHANGED, a->watermark);
}
