/* Reading records into a batch and out as rows: every value ends as one row or as a repeated key,
 * rows are in the order of the key, texts have no NUL. */
#include "../../../cmd/tsdb-copy/batch.h"
#include "../../../cmd/tsdb-copy/check.h"
#include "../../../cmd/tsdb-copy/rows.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct series series;
static struct batch batch;
static struct row_set set;
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

static void check_rows(const struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		const struct batch_value *v = &batch.values[rows->keys[i].value];

		require(i == 0 || sort_compare(&rows->keys[i - 1], &rows->keys[i]) < 0);
		require(rows_find(rows, &rows->keys[i]) == &rows->keys[i]);
		if (v->is_text && v->text_len)
			require(!memchr(batch.texts.ptr + v->text_at, '\0', v->text_len));
	}
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
	rows_collect(&set, &batch, 0, batch.count);
	check_rows(&set.numbers);
	check_rows(&set.texts);
	require(rows_total(&set) <= batch.value_count);
	require((rows_total(&set) == 0) == (batch.value_count == 0));
	batch_clear(&batch);
	series_clear(&series);
	return 0;
}
