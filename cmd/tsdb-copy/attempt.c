#include "attempt.h"

void attempt_begin(struct attempt *a, struct batch *b, size_t from, size_t to, bool replace,
                   uint64_t watermark)
{
	a->batch = b;
	a->from = from;
	a->to = to;
	a->marked = false;
	conflicts_clear(&a->conflicts);
	rows_collect(&a->rows, b, from, to, replace);
	/* Whichever of the values is stored, another one differs from it. */
	a->watermark = !replace && rows_differ(&a->rows) ? 0 : watermark;
	touched_collect(&a->touched, &a->rows.numbers, session_now(a->session));
}

enum db_status attempt_open_step(struct attempt *a)
{
	enum db_status status;

	if (a->touched.count == 0)
		return DB_OK;
	status = session_command(a->session, "BEGIN");
	if (status != DB_OK)
		return status;
	a->in_transaction = true;
	return touched_note(&a->touched, a->session);
}

enum db_status attempt_end_step(struct attempt *a, enum db_status status)
{
	if (!a->in_transaction)
		return status;
	a->in_transaction = false;
	if (status == DB_OK)
		status = session_command(a->session, "COMMIT");
	if (status == DB_OK)
		return DB_OK;
	a->marked = false;
	return session_rollback(a->session, status);
}

static struct batch_reading *reading_of(const struct attempt *a, const struct sort_key *row)
{
	return &a->batch->readings[a->batch->values[row->value].reading];
}

static void mark_all_written(struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		rows->keys[i].mark = ROW_WRITTEN;
}

void attempt_all_written(struct attempt *a)
{
	mark_all_written(&a->rows.numbers);
	mark_all_written(&a->rows.texts);
}

/* A new row is that of the first reading that has it. */
static void count_table(struct attempt *a, const struct rows *rows)
{
	size_t at = 0;

	for (size_t i = 0; i < rows->count; i++) {
		struct row_group group = rows_group(rows, i, &at);

		if (rows->keys[i].mark != ROW_WRITTEN)
			continue;
		reading_of(a, &group.rows[0])->written = true;
		a->batch->rows++;
	}
}

void attempt_count_written(struct attempt *a)
{
	count_table(a, &a->rows.numbers);
	count_table(a, &a->rows.texts);
}

/* Values of one key that came one after the other: those that changed it have replaced it. */
static void settle_replaced(struct attempt *a, const struct row_group *group)
{
	for (size_t g = 1; g < group->count; g++) {
		struct batch_reading *r = reading_of(a, &group->rows[g]);

		if (!batch_same_value(a->batch, group->rows[g - 1].value, group->rows[g].value))
			r->written = r->conflict = true;
	}
}

/* Whether comparing has told which of its values are conflicts. */
static bool was_compared(const struct sort_key *key)
{
	return key->mark == ROW_PRESENT || key->mark == ROW_DIFFERS;
}

/* Those that differ from the first, which is stored, are conflicts. */
static void settle_kept(struct attempt *a, const struct row_group *group)
{
	uint32_t stored = group->rows[0].value;

	for (size_t g = 1; g < group->count; g++)
		if (!batch_same_value(a->batch, stored, group->rows[g].value))
			conflict_with_value(&a->conflicts, a->batch, group->rows[g].value, stored);
}

static void settle_repeated(struct attempt *a, const struct rows *rows)
{
	size_t at = 0;

	if (!rows->differ)
		return;
	for (size_t i = 0; i < rows->count; i++) {
		struct row_group group = rows_group(rows, i, &at);

		if (a->rows.replace)
			settle_replaced(a, &group);
		else if (!was_compared(&rows->keys[i]))
			settle_kept(a, &group);
	}
}

void attempt_settle(struct attempt *a)
{
	settle_repeated(a, &a->rows.numbers);
	settle_repeated(a, &a->rows.texts);
	conflicts_reject(&a->conflicts, a->batch);
	batch_settle(a->batch, a->from, a->to);
}

void attempt_free(struct attempt *a)
{
	rows_free(&a->rows);
	conflicts_free(&a->conflicts);
	arrays_free(&a->arrays);
	touched_free(&a->touched);
}
