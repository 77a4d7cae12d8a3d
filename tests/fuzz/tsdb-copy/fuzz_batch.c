/* Reading records into a batch and out as rows: every value ends as one row or as a repeated key,
 * rows are in the order of the key, texts have no NUL, every reading is settled. */
#include "../../../cmd/tsdb-copy/attempt.h"
#include "../../../cmd/tsdb-copy/batch.h"
#include "../../../cmd/tsdb-copy/check.h"
#include "../../../cmd/tsdb-copy/rows.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct series series;
static struct batch batch;
static struct row_set set;
static struct session session; /* without a connection */
static struct attempt attempt = {.session = &session};
static struct reading reading;
static struct buf scratch;

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void add_line(struct slice line)
{
	struct record_error error;
	const char *detail = NULL;
	int32_t schema;

	if (reading_parse(line, &scratch, &reading, &error) < 0)
		return;
	if (check_reading(&reading, &schema, &detail)) {
		require(detail != NULL);
		return;
	}
	require(schema >= SCHEMA_NONE);
	batch_add(&batch, &series, &reading, schema, line);
	if (!reading.more)
		batch_complete(&batch, reading.seq);
}

static void give_ids(void)
{
	int32_t id = 0;

	for (struct sensor_entry *e = series.sensors; e; e = e->hh.next)
		e->id = ++id;
	id = 0;
	for (struct metric_entry *e = series.metrics; e; e = e->hh.next)
		e->id = (int16_t)++id;
}

/* A row of its key's group: the only one, or one of several. */
static void check_group(const struct rows *rows, size_t i, struct row_group group, bool replace)
{
	size_t stays = 0;
	bool found = false;

	for (size_t g = 0; g < group.count; g++) {
		require(sort_compare(&group.rows[g], &rows->keys[i]) == 0);
		require(g == 0 || group.rows[g].value > group.rows[g - 1].value);
		found |= group.rows[g].value == rows->keys[i].value;
		if (replace &&
		    !batch_same_value(&batch, group.rows[stays].value, group.rows[g].value))
			stays = g;
	}
	require(found);
	require(rows->keys[i].value == group.rows[stays].value);
}

static size_t check_rows(struct rows *rows, bool replace)
{
	size_t values = 0, at = 0;

	for (size_t i = 0; i < rows->count; i++) {
		const struct batch_value *v = &batch.values[rows->keys[i].value];
		struct row_group group = rows_group(rows, i, &at);

		require(i == 0 || sort_compare(&rows->keys[i - 1], &rows->keys[i]) < 0);
		require(rows_find(rows, &rows->keys[i]) == &rows->keys[i]);
		require(rows->keys[i].mark == ROW_OPEN);
		check_group(rows, i, group, replace);
		values += group.count;
		if (v->is_text)
			require(!memchr(batch_text(&batch, v).ptr, '\0', v->text_len));
	}
	require(at == rows->repeated_count);
	return values;
}

static void check_set(bool replace)
{
	rows_collect(&set, &batch, 0, batch.count, replace);
	require(check_rows(&set.numbers, replace) + check_rows(&set.texts, replace) ==
	        batch.value_count);
}

/* Every row is new: the outcomes, and what becomes of repeated keys. */
static void check_outcomes(bool replace)
{
	size_t settled = 0;

	attempt_begin(&attempt, &batch, 0, batch.count, replace, 1);
	require(attempt.watermark == (replace || !rows_differ(&attempt.rows)));
	attempt_all_written(&attempt);
	attempt_count_written(&attempt);
	require(batch.rows == rows_total(&attempt.rows));
	attempt_settle(&attempt);
	require((batch.rejection_count > 0) == (!replace && rows_differ(&attempt.rows)));
	for (size_t i = 0; i < batch.count; i++)
		settled += batch.readings[i].outcome != OUTCOME_OPEN;
	require(settled == batch.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data, *end = p + size;

	while (p < end) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		const char *stop = lf ? lf : end;

		add_line((struct slice){p, (size_t)(stop - p)});
		p = stop + 1;
	}
	give_ids();
	check_set(false);
	check_set(true);
	check_outcomes(size % 2);
	batch_clear(&batch);
	series_clear(&series);
	return 0;
}
