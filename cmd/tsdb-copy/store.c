#include "store.h"

#include "base/clock.h"
#include "compare.h"
#include "copy.h"
#include "insert.h"
#include "schema_check.h"
#include "watermark.h"

enum { COMPARE_MIN = 500 }; /* rows from which on it is worth to ask first what is there */

enum db_status store_open(struct store *st, const char *conninfo)
{
	enum db_status status = session_open(&st->session, conninfo);

	register_forget(&st->registry);
	if (status != DB_OK)
		return status;
	status = schema_check(&st->session);
	/* A database without a schema is found out here. */
	if (status == DB_OK)
		status = watermark_read(&st->session);
	if (status != DB_OK)
		session_close(&st->session);
	return status;
}

/* What is being tried. */
struct range {
	size_t from, to; /* the readings */
	enum path path;
	bool compare_first; /* many rows, of which many are expected to be there */
	bool committed;     /* see store.h */
	uint64_t watermark; /* or 0 */
};

/* The step that makes new rows. Its end is noted: no other leaves rows in doubt. */
static enum db_status write_new(struct store *st, enum path path)
{
	struct attempt *a = &st->attempt;
	enum db_status status;

	a->batch->in_doubt = true;
	status = attempt_open_step(a);
	if (status == DB_OK)
		status = path == PATH_COPY ? copy_rows(a, &st->chunk) : insert_new(a);
	status = attempt_end_step(a, status);
	if (status == DB_TRANSIENT)
		return status;
	a->batch->in_doubt = false;
	if (status != DB_OK)
		return status;
	if (path == PATH_COPY)
		attempt_all_written(a);
	attempt_count_written(a);
	return DB_OK;
}

static enum db_status write_over(struct attempt *a)
{
	enum db_status status = attempt_open_step(a);

	if (status == DB_OK)
		status = insert_over(a);
	status = attempt_end_step(a, status);
	if (status == DB_OK)
		a->batch->rows += a->arrays.numbers.count + a->arrays.texts.count;
	return status;
}

/* Keys that are there do no harm: what they hold is compared with what came. */
static enum db_status write_some(struct store *st, const struct range *r)
{
	struct attempt *a = &st->attempt;
	enum db_status status = r->compare_first ? compare_rows(a) : DB_OK;

	if (status == DB_OK && (rows_any(&a->rows, ROW_OPEN) || attempt_watermark(a)))
		status = write_new(st, r->path);
	if (status == DB_OK && rows_any(&a->rows, ROW_OPEN))
		status = compare_rows(a);
	if (status == DB_OK)
		st->expect_duplicates = rows_any(&a->rows, ROW_PRESENT) ||
		                        rows_any(&a->rows, ROW_DIFFERS) ||
		                        rows_any(&a->rows, ROW_CHANGED);
	if (status == DB_OK && rows_any(&a->rows, ROW_CHANGED))
		status = write_over(a);
	return status;
}

/* After a commit in doubt that was carried out: with the watermark, so nothing was left to be done.
 * If it was that of new rows, all were new. They are written once more, which changes nothing. */
static enum db_status write_again(struct store *st)
{
	struct attempt *a = &st->attempt;
	enum db_status status = DB_OK;

	if (a->batch->in_doubt) {
		status = insert_new(a);
		if (status == DB_OK) {
			attempt_all_written(a);
			attempt_count_written(a);
			a->batch->in_doubt = false;
		}
	}
	a->marked = status == DB_OK;
	return status;
}

/* One attempt. When it succeeds, the readings of the range are settled. */
static enum db_status try(struct store *st, struct batch *b, const struct range *r)
{
	struct attempt *a = &st->attempt;
	enum db_status status;

	a->session = &st->session;
	attempt_begin(a, b, r->from, r->to, st->replace, r->watermark);
	if (r->committed)
		status = write_again(st);
	else if (r->path == PATH_COPY)
		status = write_new(st, r->path);
	else
		status = write_some(st, r);
	if (status == DB_OK) {
		attempt_settle(a);
		latest_note(&st->latest, b, &a->rows.numbers);
	}
	return status;
}

static bool is_refused(enum db_status status)
{
	return status == DB_BAD_DATA || status == DB_DUPLICATE;
}

/* A range that was refused: its halves, and so on down to the bad reading. */
static enum db_status bisect(struct store *st, struct batch *b, size_t from, size_t to)
{
	size_t middle = from + (to - from) / 2;
	const struct range halves[] = {
	    {.from = from, .to = middle, .path = PATH_FALLBACK},
	    {.from = middle, .to = to, .path = PATH_FALLBACK},
	};

	if (to - from == 1) {
		batch_reject(b, from, "database", st->session.error);
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
	struct range r = {.to = b->count, .committed = committed};
	bool many = b->value_count >= st->copy_min;
	int64_t began = clock_monotonic();
	enum db_status status = register_series(&st->registry, &st->session, b);

	if (status != DB_OK)
		return status;
	b->in_doubt &= committed;
	r.path = many && !st->expect_duplicates && !committed ? PATH_COPY : PATH_INSERT;
	r.compare_first = st->expect_duplicates && b->value_count >= COMPARE_MIN;
	r.watermark = b->rejection_count ? 0 : b->watermark;
	status = try(st, b, &r);
	if (is_refused(status) && r.path == PATH_COPY) {
		r.path = PATH_FALLBACK;
		r.compare_first = true;
		status = try(st, b, &r);
	}
	if (is_refused(status)) {
		r.path = PATH_FALLBACK;
		r.watermark = 0;
		status = bisect(st, b, 0, b->count);
	}
	if (status != DB_OK)
		return status;
	b->path = r.path;
	b->watermark_stored = r.watermark && st->attempt.marked;
	b->committed = clock_now();
	b->took = clock_monotonic() - began;
	if (b->watermark_stored && b->watermark > st->session.watermark)
		st->session.watermark = b->watermark;
	return DB_OK;
}

void store_free(struct store *st)
{
	session_close(&st->session);
	register_free(&st->registry);
	attempt_free(&st->attempt);
	latest_free(&st->latest);
	buf_free(&st->chunk);
}
