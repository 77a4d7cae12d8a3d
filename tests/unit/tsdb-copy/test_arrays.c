/* How rows are cut into the slices of statements: by number, or by days. */
#include "fixture.h"

#include "../../../cmd/tsdb-copy/arrays.h"

static struct arrays arrays;

#define DAY INT64_C(86400000000)

/* Rows of one series, so many on each day, from the day before the epoch on. They are picked as
 * those of several series would be: the days take turns. */
static void pick_days(struct fixture *f, const size_t counts[], size_t days)
{
	struct rows *rows = &f->rows.numbers;

	free(rows->keys);
	rows->keys = malloc(3 * ARRAYS_ROWS * sizeof(*rows->keys));
	assert_non_null(rows->keys);
	rows->count = 0;
	for (size_t d = 0; d < days; d++)
		for (size_t n = 0; n < counts[d]; n++) {
			/* The last microsecond of the day is of it, and the first. */
			int64_t in_day = n == 0 ? DAY - 1 : (int64_t)n - 1;
			int64_t time = ((int64_t)d - 1) * DAY + in_day;

			rows->keys[rows->count++] = (struct sort_key){.series = sort_series(1, 1),
			                                              .time = sort_time(time)};
		}
	arrays_begin(&arrays);
	for (size_t turn = 0; turn < 7; turn++)
		for (size_t i = turn; i < rows->count; i += 7)
			arrays_pick(&arrays.numbers, i, 0);
}

/* The slices hold so many rows each; 0 ends them. */
static void check_slices(struct fixture *f, const size_t expected[])
{
	size_t i = 0, sum = 0;
	bool last;

	do {
		last = arrays_next(&arrays, &f->batch, &f->rows);
		assert_int_equal(arrays_slice(&arrays), expected[i++]);
		assert_int_equal(arrays.numbers.from, sum);
		sum = arrays.numbers.to;
	} while (!last);
	assert_int_equal(sum, arrays.numbers.count);
	assert_int_equal(expected[i], 0);
}

static void slices_are_bounded(void **state)
{
	struct fixture *f = *state;

	add(f, "0", 1, "s", "a=1");
	pick_days(f, (const size_t[]){ARRAYS_ROWS, 1}, 2);
	check_slices(f, (const size_t[]){ARRAYS_ROWS, 1, 0});
	pick_days(f, (const size_t[]){0}, 1);
	assert_true(arrays_next(&arrays, &f->batch, &f->rows));
	assert_int_equal(arrays_slice(&arrays), 0);
}

static void one_day_is_cut_by_number_only(void **state)
{
	struct fixture *f = *state;

	add(f, "0", 1, "s", "a=1");
	pick_days(f, (const size_t[]){ARRAYS_ROWS + 5}, 1);
	arrays_by_day(&arrays, &f->rows);
	check_slices(f, (const size_t[]){ARRAYS_ROWS, 5, 0});
}

static void days_with_many_rows_are_slices_of_their_own(void **state)
{
	struct fixture *f = *state;

	add(f, "0", 1, "s", "a=1");
	pick_days(f, (const size_t[]){600, 100, 200, 200, 1, ARRAYS_ROWS + 1, 3}, 7);
	arrays_by_day(&arrays, &f->rows);
	/* Days of few rows share one, up to ARRAYS_FEW; a day over ARRAYS_ROWS has two. */
	check_slices(f, (const size_t[]){600, 500, 1, ARRAYS_ROWS, 4, 0});
}

/* In the order of days, and within a day of the key. */
static void rows_are_in_the_order_of_days_and_keys(void **state)
{
	struct fixture *f = *state;
	const struct pick *picks;

	add(f, "0", 1, "s", "a=1");
	pick_days(f, (const size_t[]){50, 3, 40}, 3);
	arrays_by_day(&arrays, &f->rows);
	picks = arrays.numbers.picks;
	for (size_t i = 1; i < arrays.numbers.count; i++) {
		assert_true(picks[i - 1].day <= picks[i].day);
		if (picks[i - 1].day == picks[i].day)
			assert_true(picks[i - 1].key < picks[i].key);
	}
	assert_int_equal(picks[0].day + 1, picks[50].day);
	assert_int_equal(picks[52].day + 1, picks[53].day);
}

static int free_arrays(void **state)
{
	(void)state;
	arrays_free(&arrays);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(slices_are_bounded, setup, teardown),
	    cmocka_unit_test_setup_teardown(one_day_is_cut_by_number_only, setup, teardown),
	    cmocka_unit_test_setup_teardown(days_with_many_rows_are_slices_of_their_own, setup,
	                                    teardown),
	    cmocka_unit_test_setup_teardown(rows_are_in_the_order_of_days_and_keys, setup,
	                                    teardown),
	};

	return cmocka_run_group_tests(tests, NULL, free_arrays);
}
