/* Which of the rows of a batch are noted as the latest, and when they are due. */
#include "fixture.h"

#include "../../../cmd/tsdb-copy/latest.h"
#include "base/clock.h"

static struct latest latest;

static void begin(struct fixture *f, bool replace)
{
	give_ids(f);
	rows_collect(&f->rows, &f->batch, 0, f->batch.count, replace);
}

static void note(const struct fixture *f)
{
	latest_note(&latest, &f->batch, &f->rows.numbers);
	latest_map_sort(&latest.gathered);
}

static void expect(size_t i, int second, double value)
{
	const int64_t new_year = INT64_C(1767225600) * CLOCK_SECOND; /* 2026 */

	assert_true(i < latest.gathered.count);
	assert_int_equal(latest.gathered.readings[i].time, new_year + second * CLOCK_SECOND);
	assert_float_equal(latest.gathered.readings[i].value, value, 0);
}

static int forget(void **state)
{
	latest_free(&latest);
	latest = (struct latest){0};
	return teardown(state);
}

static void the_last_of_each_series(void **state)
{
	struct fixture *f = *state;

	add(f, "1", 5, "s", "a=1\tb=2;4\tt=\"x\"");
	add(f, "2", 3, "s", "a=3");
	add(f, "3", 9, "other", "a=4");
	begin(f, false);
	note(f);
	/* Ids are given downwards: the other sensor is the first, b before a. */
	assert_int_equal(latest.gathered.count, 3);
	expect(0, 9, 4);
	expect(1, 5, 2);
	assert_int_equal(latest.gathered.readings[1].quality, 4);
	expect(2, 5, 1);
}

static void what_differs_from_the_stored_one_is_not(void **state)
{
	struct fixture *f = *state;

	add(f, "1", 1, "s", "a=1");
	add(f, "2", 2, "s", "a=2");
	add(f, "3", 3, "s", "a=3");
	add(f, "4", 3, "other", "a=4");
	begin(f, false);
	f->rows.numbers.keys[0].mark = ROW_DIFFERS; /* of the other sensor */
	f->rows.numbers.keys[2].mark = ROW_PRESENT;
	f->rows.numbers.keys[3].mark = ROW_DIFFERS;
	note(f);
	assert_int_equal(latest.gathered.count, 1);
	expect(0, 2, 2);
}

static void of_repeated_ones_the_one_that_is_stored(void **state)
{
	struct fixture *f = *state;

	add(f, "1", 1, "s", "a=1");
	add(f, "2", 1, "s", "a=2");
	begin(f, false);
	note(f);
	expect(0, 1, 1);
	begin(f, true);
	note(f);
	expect(0, 1, 2);
}

static void when_it_is_due(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(latest_due(&latest, INT64_MAX), INT64_MAX);
	assert_int_equal(latest_due(&latest, 0), INT64_MAX);
	add(f, "1", 1, "s", "a=1");
	begin(f, false);
	note(f);
	latest.begun = 1000;
	assert_int_equal(latest_due(&latest, 0), 1000 + LATEST_INTERVAL);
	assert_int_equal(latest_due(&latest, INT64_MAX), 1000 + LATEST_INTERVAL);
	/* The pause after a long slice, unless all is quiet. */
	latest.pause_to = 5 * LATEST_INTERVAL;
	assert_int_equal(latest_due(&latest, INT64_MAX), 5 * LATEST_INTERVAL);
	assert_int_equal(latest_due(&latest, 3 * LATEST_INTERVAL), 3 * LATEST_INTERVAL);
	assert_int_equal(latest_due(&latest, 0), 1000 + LATEST_INTERVAL);
	/* A slice that failed waits for its time. */
	latest_postpone(&latest);
	assert_true(latest_due(&latest, 0) > clock_monotonic());
	assert_true(latest_due(&latest, 0) <= clock_monotonic() + LATEST_INTERVAL);
}

/* A round under way goes on after the pause. */
static void when_the_next_slice_is_due(void **state)
{
	struct fixture *f = *state;

	add(f, "1", 1, "s", "a=1\tb=1");
	begin(f, false);
	note(f);
	latest.round = latest.gathered;
	latest.gathered = (struct latest_map){0};
	latest.written = 1;
	latest.begun = 1000;
	latest.pause_to = 3000;
	assert_int_equal(latest_due(&latest, INT64_MAX), 3000);
	assert_int_equal(latest_due(&latest, 2000), 2000);
	assert_int_equal(latest_due(&latest, 0), 1000);
	latest.written = 2;
	assert_int_equal(latest_due(&latest, 0), INT64_MAX);
}

/* Where nothing can be written, no more than LATEST_MAX and a batch of series are kept. */
static void memory_is_bounded(void **state)
{
	struct fixture *f = *state;

	for (uint64_t series = 0; series < LATEST_MAX; series++)
		latest_map_note(&latest.gathered, &(struct latest_reading){.series = series});
	latest.pause_to = INT64_MAX;
	latest.begun = 1000;
	assert_int_equal(latest_due(&latest, INT64_MAX), 1000);
	add(f, "1", 1, "s", "a=1");
	begin(f, false);
	latest_note(&latest, &f->batch, &f->rows.numbers);
	assert_int_equal(latest.gathered.count, LATEST_MAX + 1);
	latest_postpone(&latest);
	latest_note(&latest, &f->batch, &f->rows.numbers);
	assert_int_equal(latest.gathered.count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(the_last_of_each_series, setup, forget),
	    cmocka_unit_test_setup_teardown(what_differs_from_the_stored_one_is_not, setup, forget),
	    cmocka_unit_test_setup_teardown(of_repeated_ones_the_one_that_is_stored, setup, forget),
	    cmocka_unit_test_setup_teardown(when_it_is_due, setup, forget),
	    cmocka_unit_test_setup_teardown(when_the_next_slice_is_due, setup, forget),
	    cmocka_unit_test_setup_teardown(memory_is_bounded, setup, forget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
