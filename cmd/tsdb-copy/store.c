#include "store.h"

#include "base/clock.h"
#include "copy.h"
#include "watermark.h"

enum db_status store_open(struct store *st, const char *conninfo)
{
	enum db_status status = session_open(&st->session, conninfo);

	register_forget(&st->registry);
	if (status != DB_OK)
		return status;
	/* Also the first word with the schema: a database without one is found out here. */
	status = watermark_read(&st->session);
	if (status != DB_OK)
		session_close(&st->session);
	return status;
}

/* The readings of all rows. */
static void mark_all_fresh(struct batch *b, const struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		b->readings[b->values[rows->keys[i].value].reading].fresh = true;
}

/* What is being tried: a range of the readings, one way, with the watermark or 0. */
struct attempt {
	size_t from, to;
	enum path path;
	uint64_t watermark;
	bool committed;
};

/* One transaction. When it commits, the readings of the range are settled. */
static enum db_status try(struct store *st, struct batch *b, const struct attempt *a)
{
	uint64_t fresh_rows;
	enum db_status status;
	bool all_fresh = a->path == PATH_COPY || a->committed;

	rows_collect(&st->rows, b, a->from, a->to);
	if (a->path == PATH_COPY)
		status = copy_rows(&st->session, b, &st->rows, a->watermark, &st->chunk);
	else
		status = insert_rows(&st->session, b, &st->rows, a->watermark, &st->insert,
		                     &fresh_rows);
	if (status != DB_OK) {
		batch_unsettle(b);
		return status;
	}
	if (all_fresh) {
		mark_all_fresh(b, &st->rows.numbers);
		mark_all_fresh(b, &st->rows.texts);
		fresh_rows = rows_total(&st->rows);
	}
	st->expect_duplicates = fresh_rows < rows_total(&st->rows);
	b->rows += fresh_rows;
	batch_settle(b, a->from, a->to);
	return DB_OK;
}

static bool is_refused(enum db_status status)
{
	return status == DB_BAD_DATA || status == DB_DUPLICATE;
}

/* A range that was refused: its halves, and so on down to the bad reading. */
static enum db_status bisect(struct store *st, struct batch *b, size_t from, size_t to)
{
	size_t middle = from + (to - from) / 2;
	const struct attempt halves[] = {
	    {.from = from, .to = middle, .path = PATH_FALLBACK},
	    {.from = middle, .to = to, .path = PATH_FALLBACK},
	};

	if (to - from == 1) {
		batch_reject(b, from, st->session.error);
		return DB_OK;
	}
	for (int i = 0; i < 2; i++) {
		enum db_status status = try(st, b, &halves[i]);

		if (is_refused(status))
			status = bisect(st, b, halves[i].from, halves[i].to);
		if (status != DB_OK)
			return status;
	}
	return DB_OK;
}

enum db_status store_batch(struct store *st, struct batch *b, bool committed)
{
	struct attempt a = {.to = b->count, .committed = committed};
	bool many = b->value_count >= st->copy_min;
	enum db_status status = register_series(&st->registry, &st->session, b);

	if (status != DB_OK)
		return status;
	a.path = many && !st->expect_duplicates && !committed ? PATH_COPY : PATH_INSERT;
	a.watermark = b->rejection_count ? 0 : b->watermark;
	status = try(st, b, &a);
	if (is_refused(status) && a.path == PATH_COPY) {
		a.path = PATH_FALLBACK;
		status = try(st, b, &a);
	}
	if (is_refused(status)) {
		a.path = PATH_FALLBACK;
		a.watermark = 0;
		status = bisect(st, b, 0, b->count);
	}
	b->path = a.path;
	b->watermark_stored = a.watermark == b->watermark;
	b->committed = clock_now();
	if (status == DB_OK && b->watermark_stored && b->watermark > st->session.watermark)
		st->session.watermark = b->watermark;
	return status;
}

void store_free(struct store *st)
{
	session_close(&st->session);
	register_free(&st->registry);
	rows_free(&st->rows);
	insert_free(&st->insert);
	buf_free(&st->chunk);
}
