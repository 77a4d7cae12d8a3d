#include "compare.h"

#include "encode.h"
#include "watermark.h"

#include <stdbool.h>

#define QUOTE(word)   #word
#define STRING(macro) QUOTE(macro)

/*
 * The rows of a table that differ or are missing. A scalar subquery is done
 * row by row, by the index, never as a join that reads a day to find a few
 * rows; OFFSET keeps it from being done twice. The times are known when the
 * statement is planned, which then has the partition of one day to look in:
 * of several, each would be looked in for each row.
 */
#define DIFFERING(columns, table, arrays, times, collate)                        \
	"SELECT " columns " FROM (SELECT given.n::int, given.value, ("           \
	"SELECT t.value FROM " table " AS t WHERE t.sensor_id = given.sensor_id" \
	" AND t.metric_id = given.metric_id AND t.time = given.time"             \
	" AND t.time BETWEEN " times ") AS stored FROM unnest(" arrays ")"       \
	" WITH ORDINALITY AS given (time, value, sensor_id, metric_id, n)"       \
	" OFFSET 0) AS compared WHERE stored" collate " IS DISTINCT FROM value"

#define NUMBERS                                                                            \
	DIFFERING("false AS text, n, stored AS number, NULL AS head, NULL::int AS length", \
	          "sensor_readings", "$3, $4, $5, $6", "$13 AND $14", "")
#define HEAD_OF_STORED "left(stored, " STRING(CONFLICT_TEXT_MAX) ")"
#define TEXTS                                                                            \
	DIFFERING("true AS text, n, NULL::float8 AS number, " HEAD_OF_STORED " AS head," \
	          " octet_length(stored) AS length",                                     \
	          "sensor_texts", "$8, $9, $10, $11", "$15 AND $16", " COLLATE \"C\"")

/* The watermark goes in only if no row comes back. */
#define STATEMENT(differing)                                                                     \
	"WITH differing AS (" differing "), mark AS (" WATERMARK_UPSERT(                         \
	    "$1", "$2", "NOT EXISTS (SELECT FROM differing)") ") SELECT text, n, number, head, " \
							      "length FROM differing"

static const struct arrays_sql statements = {
    STATEMENT(NUMBERS),
    STATEMENT(TEXTS),
    STATEMENT(NUMBERS " UNION ALL " TEXTS),
};

enum column { IS_TEXT, N, NUMBER, HEAD, LENGTH };

/* ---- what is compared ---- */

/* Where rows are replaced, that is the first value to arrive, else each of a key. They are taken to
 * be there until one comes back as missing. */
static void pick_open(struct table_arrays *t, struct rows *rows, bool replace)
{
	size_t at = 0;

	for (size_t i = 0; i < rows->count; i++) {
		struct row_group group = rows_group(rows, i, &at);

		if (rows->keys[i].mark != ROW_OPEN)
			continue;
		rows->keys[i].mark = ROW_PRESENT;
		for (size_t g = 0; g < (replace ? 1 : group.count); g++)
			arrays_pick(t, i, group.rows[g].value);
	}
}

/* ---- what came back ---- */

static void note_conflict(struct attempt *a, uint32_t value, const PGresult *result, int row)
{
	struct slice head = {PQgetvalue(result, row, HEAD), (size_t)PQgetlength(result, row, HEAD)};

	if (a->batch->values[value].is_text)
		conflict_with_text(&a->conflicts, value, head,
		                   (size_t)decode_i32(PQgetvalue(result, row, LENGTH)));
	else
		conflict_with_number(&a->conflicts, value,
		                     decode_f64(PQgetvalue(result, row, NUMBER)));
}

/* The batch is tried until this row is written, so its reading is told already: after a commit in
 * doubt there would be nothing left to tell it by. */
static void mark_replaced(struct attempt *a, struct rows *rows, const struct pick *p)
{
	struct batch_reading *r = &a->batch->readings[a->batch->values[p->value].reading];

	rows->keys[p->key].mark = ROW_CHANGED;
	r->written = r->conflict = true;
}

/* Of a repeated key this may be a value other than the one that was to be written. */
static void mark_kept(struct rows *rows, const struct pick *p)
{
	if (rows->keys[p->key].value == p->value)
		rows->keys[p->key].mark = ROW_DIFFERS;
}

/* A row of the result: of this one the value differs, or it is missing. */
static void take_row(struct attempt *a, const PGresult *result, int row)
{
	bool is_text = *PQgetvalue(result, row, IS_TEXT);
	struct rows *rows = is_text ? &a->rows.texts : &a->rows.numbers;
	struct table_arrays *t = is_text ? &a->arrays.texts : &a->arrays.numbers;
	const struct pick
	    *p = &t->picks[t->from + (size_t)decode_i32(PQgetvalue(result, row, N)) - 1];

	if (PQgetisnull(result, row, is_text ? HEAD : NUMBER)) {
		rows->keys[p->key].mark = ROW_OPEN;
	} else if (a->rows.replace) {
		mark_replaced(a, rows, p);
	} else {
		mark_kept(rows, p);
		note_conflict(a, p->value, result, row);
	}
}

/* All slices; the watermark goes with the last. */
static enum db_status compare_slices(struct attempt *a, uint64_t watermark)
{
	bool last;

	do {
		enum db_status status;
		PGresult *result;
		int count;

		last = arrays_next(&a->arrays, a->batch, &a->rows);
		status = arrays_query(&a->arrays, a->session, &statements, last ? watermark : 0,
		                      &result);
		if (status != DB_OK)
			return status;
		count = PQntuples(result);
		for (int row = 0; row < count; row++)
			take_row(a, result, row);
		if (count)
			watermark = 0;
		PQclear(result);
	} while (!last);
	a->marked = watermark != 0;
	return DB_OK;
}

/*
 * TimescaleDB looks at the bounds of its chunks again for each row, even if only
 * one is left: four times the work of the row itself. In this transaction it
 * does not. PostgreSQL has no such setting, and nothing is set.
 */
static enum db_status prepare_for_many(struct session *s)
{
	static const char sql[] = "SELECT set_config(name, 'off', true) FROM pg_settings"
				  " WHERE name = 'timescaledb.enable_chunk_append'";
	const struct session_params none = {0};
	PGresult *result;
	enum db_status status = session_query(s, sql, &none, &result);

	if (status == DB_OK)
		PQclear(result);
	return status;
}

static bool are_many(const struct attempt *a)
{
	return a->arrays.numbers.count + a->arrays.texts.count > ARRAYS_FEW;
}

static enum db_status compare_in_transaction(struct attempt *a, uint64_t watermark)
{
	enum db_status status = session_command(a->session, "BEGIN");

	if (status == DB_OK && are_many(a))
		status = prepare_for_many(a->session);
	if (status == DB_OK && a->touched.count > 0)
		status = touched_loosen(&a->touched, a->session);
	if (status == DB_OK)
		status = compare_slices(a, watermark);
	if (status == DB_OK)
		status = session_command(a->session, "COMMIT");
	if (status == DB_OK)
		return DB_OK;
	a->marked = false;
	return session_rollback(a->session, status);
}

/* A key whose value changed within the batch has to be written, whatever its first value was. */
static void mark_changed(struct rows *rows)
{
	size_t at = 0;

	if (!rows->differ)
		return;
	for (size_t i = 0; i < rows->count; i++) {
		struct row_group group = rows_group(rows, i, &at);

		if (rows->keys[i].mark == ROW_PRESENT && rows->keys[i].value != group.rows[0].value)
			rows->keys[i].mark = ROW_CHANGED;
	}
}

enum db_status compare_rows(struct attempt *a)
{
	bool changes = a->rows.replace && rows_differ(&a->rows);
	uint64_t watermark = changes ? 0 : attempt_watermark(a);
	enum db_status status;

	arrays_begin(&a->arrays);
	pick_open(&a->arrays.numbers, &a->rows.numbers, a->rows.replace);
	pick_open(&a->arrays.texts, &a->rows.texts, a->rows.replace);
	arrays_by_day(&a->arrays, &a->rows);
	if (are_many(a) || a->touched.count > 0)
		status = compare_in_transaction(a, watermark);
	else
		status = compare_slices(a, watermark);
	if (status == DB_OK && changes) {
		mark_changed(&a->rows.numbers);
		mark_changed(&a->rows.texts);
	}
	return status;
}
