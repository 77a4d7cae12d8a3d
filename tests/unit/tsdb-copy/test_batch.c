/* From lines to rows: interning, bounds, outcomes, the order of the key, duplicates in a batch. */
#include "fixture.h"

#include "../../../cmd/tsdb-copy/report.h"
#include "base/clock.h"

static void names_are_interned_once(void **state)
{
	struct fixture *f = *state;
	struct sensor_entry *a = series_sensor(&f->series, SLICE("ab"), SLICE("c"));
	struct metric_entry *m = series_metric(&f->series, SLICE("temperature"));

	assert_ptr_equal(series_sensor(&f->series, SLICE("ab"), SLICE("c")), a);
	assert_ptr_not_equal(series_sensor(&f->series, SLICE("a"), SLICE("bc")), a);
	assert_slice(a->type, "ab");
	assert_slice(a->name, "c");
	assert_int_equal(a->schema, SCHEMA_NONE);
	assert_ptr_equal(series_metric(&f->series, SLICE("temperature")), m);
	assert_int_equal(f->series.count, 3);
	series_clear(&f->series);
	assert_int_equal(f->series.count, 0);
	assert_int_equal(series_metric(&f->series, SLICE("temperature"))->generation, 0);
}

static void readings_become_values(void **state)
{
	struct fixture *f = *state;
	const struct batch *b = &f->batch;

	assert_true(batch_empty(b));
	add(f, "7", 1, "s", "a=1.5;3\tb=true\tc=false\td=\"x\\\\u00e9\\\\ty\"");
	add(f, "0", 2, "s", "a=-2");
	assert_int_equal(b->count, 2);
	assert_int_equal(b->value_count, 5);
	assert_int_equal(b->readings[0].first_value, 0);
	assert_int_equal(batch_values_end(b, 0), 4);
	assert_int_equal(batch_values_end(b, 1), 5);
	assert_true(b->values[0].number == 1.5 && b->values[0].quality == QUALITY_SUSPECT);
	assert_true(b->values[1].number == 1 && b->values[2].number == 0);
	assert_true(b->values[3].is_text && !b->values[4].is_text);
	assert_slice(((struct slice){b->texts.ptr + b->values[3].text_at, b->values[3].text_len}),
	             "x\xc3\xa9\ty");
	assert_int_equal(b->values[4].reading, 1);
	assert_int_equal(b->watermark, 7);
	batch_clear(&f->batch);
	assert_true(batch_empty(b));
}

static void watermark_counts_complete_messages_only(void **state)
{
	struct fixture *f = *state;

	add(f, "3", 1, "s", "a=1");
	add(f, "4+", 2, "s", "a=1");
	assert_int_equal(f->batch.watermark, 3);
	add(f, "4", 3, "s", "a=1");
	assert_int_equal(f->batch.watermark, 4);
	add(f, "2", 4, "s", "a=1");
	assert_int_equal(f->batch.watermark, 4);
	batch_clear(&f->batch);
	batch_complete(&f->batch, 9);
	assert_false(batch_empty(&f->batch));
}

static void what_is_next_to_zero_is_zero(void **state)
{
	struct fixture *f = *state;
	const struct batch_value *v;

	add(f, "0", 1, "s", "a=1e-200\tb=-1e-151\tc=1e-150\td=-5e-324\te=-2e-150");
	v = f->batch.values;
	assert_true(v[0].number == 0 && v[1].number == 0 && v[3].number == 0);
	assert_true(v[2].number == 1e-150 && v[4].number == -2e-150);
}

static void a_batch_is_bounded_but_takes_one_reading(void **state)
{
	struct fixture *f = *state;

	assert_true(batch_fits(&f->batch, 3, 1000, BATCH_BYTES_MAX + 1));
	add(f, "0", 1, "s", "a=1\tb=2");
	assert_true(batch_fits(&f->batch, 3, 1, 100));
	assert_false(batch_fits(&f->batch, 3, 2, 100));
	assert_false(batch_fits(&f->batch, 3, 1, BATCH_BYTES_MAX));
}

static void rows_are_sorted_and_unique(void **state)
{
	struct fixture *f = *state;
	const struct rows *numbers = &f->rows.numbers;

	add(f, "0", 5, "first", "a=1\tb=2\tt=\"x\"");
	add(f, "0", 1, "first", "a=3");
	add(f, "0", 1, "second", "a=4");
	add(f, "0", 5, "first", "a=5\tt=\"y\"\tb=6"); /* the same keys as those of the first */
	give_ids(f);
	rows_collect(&f->rows, &f->batch, 0, 4, false);
	assert_int_equal(numbers->count, 4);
	for (size_t i = 1; i < numbers->count; i++)
		assert_true(sort_compare(&numbers->keys[i - 1], &numbers->keys[i]) < 0);
	/* second.a, first.b, first.a at 1 s and at 5 s: of the first reading, not of the last. */
	assert_int_equal(numbers->keys[0].value, 4);
	assert_int_equal(numbers->keys[1].value, 1);
	assert_int_equal(numbers->keys[2].value, 3);
	assert_int_equal(numbers->keys[3].value, 0);
	assert_int_equal(f->rows.texts.count, 1);
	assert_int_equal(f->rows.texts.keys[0].value, 2);
	for (size_t i = 0; i < numbers->count; i++)
		assert_ptr_equal(rows_find(numbers, &numbers->keys[i]), &numbers->keys[i]);
	assert_null(rows_find(&f->rows.texts, &numbers->keys[0]));
}

static void rows_of_a_range_without_the_rejected(void **state)
{
	struct fixture *f = *state;

	add(f, "0", 1, "s", "a=1");
	add(f, "0", 1, "s", "a=2");
	add(f, "0", 1, "s", "a=3");
	give_ids(f);
	batch_reject(&f->batch, 1, "database", "why");
	batch_reject(&f->batch, 1, "conflict", "again");
	assert_int_equal(f->batch.rejection_count, 1);
	assert_string_equal(f->batch.rejections[0].code, "database");
	assert_string_equal(f->batch.details.ptr, "why");
	rows_collect(&f->rows, &f->batch, 1, 3, false);
	assert_int_equal(f->rows.numbers.count, 1);
	assert_int_equal(f->rows.numbers.keys[0].value, 2);
	rows_collect(&f->rows, &f->batch, 1, 2, false);
	assert_int_equal(rows_total(&f->rows), 0);
	rows_collect(&f->rows, &f->batch, 0, 0, false);
	assert_int_equal(rows_total(&f->rows), 0);
}

static void outcomes_are_settled_once_and_add_up(void **state)
{
	struct fixture *f = *state;
	struct batch *b = &f->batch;
	static struct report report;

	for (int i = 0; i < 4; i++)
		add(f, "0", i, "s", "a=1");
	b->readings[1].written = true;
	batch_reject(b, 3, "conflict", "bad");
	batch_settle(b, 0, 2);
	assert_int_equal(b->readings[2].outcome, OUTCOME_OPEN);
	b->readings[3].written = b->readings[3].conflict = true;
	batch_settle(b, 2, 4);
	b->committed = b->readings[1].received + 5000;
	b->rows = 1;
	b->path = PATH_INSERT;

	report.received = 4;
	report.rejected = b->rejection_count;
	report_batch(&report, b);
	assert_int_equal(report.stored, 1);
	assert_int_equal(report.duplicates, 2);
	assert_int_equal(report.conflicts, 1);
	assert_int_equal(report_pending(&report), 0);
	assert_int_equal(report.batches[PATH_INSERT], 1);
	assert_int_equal(report.latency.count, 1);
	assert_int_equal(report.latency.max, 5000);
	assert_int_equal(report.device_latency.max, 59 * CLOCK_SECOND + 5000);
}

/* The code check_reading() gives to a reading with this seq, schema and metrics; NULL: sound. */
static const char *code(struct fixture *f, const char *seq, const char *schema, const char *metrics)
{
	struct buf line = {0};
	struct record_error error;
	const char *detail = NULL, *result;
	int32_t number;

	buf_printf(&line, "r1\t%s\t2026-01-01T00:01:00Z\t2026-01-01T00:00:00Z\tt\ts\t%s\t%s", seq,
	           schema, metrics);
	assert_int_equal(reading_parse(buf_slice(&line), &f->scratch, &f->reading, &error), 0);
	result = check_reading(&f->reading, &number, &detail);
	assert_true(!result == !detail);
	buf_free(&line);
	return result;
}

static void what_cannot_be_stored_is_found_before(void **state)
{
	struct fixture *f = *state;

	assert_null(code(f, "9223372036854775807", "2147483647", "a=1"));
	assert_null(code(f, "0", "", "a=1"));
	assert_string_equal(code(f, "9223372036854775808", "1", "a=1"), "seq-range");
	assert_string_equal(code(f, "0", "2147483648", "a=1"), "bad-schema");
	assert_string_equal(code(f, "0", "-1", "a=1"), "bad-schema");
	assert_string_equal(code(f, "0", "1.0", "a=1"), "bad-schema");
	assert_string_equal(code(f, "0", "00000000001", "a=1"), "bad-schema");
	/* In a record's field a backslash is written as two. */
	assert_string_equal(code(f, "0", "1", "a=\"x\\\\u0000\""), "nul-in-text");
	assert_null(code(f, "0", "1", "a=\"\\\\\\\\u0000\"")); /* a backslash, then u0000 */
	assert_null(code(f, "0", "1", "a=\"\\\\u0001\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(names_are_interned_once, setup, teardown),
	    cmocka_unit_test_setup_teardown(readings_become_values, setup, teardown),
	    cmocka_unit_test_setup_teardown(watermark_counts_complete_messages_only, setup,
	                                    teardown),
	    cmocka_unit_test_setup_teardown(what_is_next_to_zero_is_zero, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_batch_is_bounded_but_takes_one_reading, setup,
	                                    teardown),
	    cmocka_unit_test_setup_teardown(rows_are_sorted_and_unique, setup, teardown),
	    cmocka_unit_test_setup_teardown(rows_of_a_range_without_the_rejected, setup, teardown),
	    cmocka_unit_test_setup_teardown(outcomes_are_settled_once_and_add_up, setup, teardown),
	    cmocka_unit_test_setup_teardown(what_cannot_be_stored_is_found_before, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
