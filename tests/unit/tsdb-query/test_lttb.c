/* lttb: what is kept of a series, and that the rest looks the same. */
#include "../unit.h"

#include "../../../cmd/tsdb-query/lttb.h"

#include <math.h>

enum { MANY = 10000 };

static struct point points[MANY], original[MANY];

static void make(size_t count, double (*value)(size_t))
{
	for (size_t i = 0; i < count; i++)
		original[i] = points[i] = (struct point){
		    .time = INT64_C(1790000000000000) + (int64_t)i * 1000000,
		    .value = value(i),
		    .quality = 1 + (int)(i % 3),
		};
}

static double wave(size_t i)
{
	return sin((double)i / 50) + (i % 7 == 0 ? 0.1 : 0);
}

static double flat(size_t i)
{
	(void)i;
	return 5;
}

static double spike(size_t i)
{
	return i == 4321 ? 1000 : sin((double)i / 500);
}

/* What is left are points of the series, in order of time. */
static void check_subset(size_t kept, size_t count)
{
	size_t at = 0;

	for (size_t i = 0; i < kept; i++) {
		while (at < count && original[at].time != points[i].time)
			at++;
		assert_true(at < count);
		assert_true(original[at].value == points[i].value);
		assert_int_equal(original[at].quality, points[i].quality);
		at++;
	}
}

static void first_and_last_stay(void **state)
{
	(void)state;
	for (size_t want = 2; want < 300; want += 7) {
		make(MANY, wave);
		assert_int_equal(lttb_reduce(points, MANY, want), want);
		assert_int_equal(points[0].time, original[0].time);
		assert_int_equal(points[want - 1].time, original[MANY - 1].time);
		check_subset(want, MANY);
	}
}

static void nearly_all_is_kept_in_order(void **state)
{
	(void)state;
	for (size_t count = 3; count < 40; count++)
		for (size_t want = 2; want < count; want++) {
			make(count, wave);
			assert_int_equal(lttb_reduce(points, count, want), want);
			check_subset(want, count);
		}
}

static void as_many_as_there_are_gives_all(void **state)
{
	(void)state;
	for (size_t count = 1; count < 10; count++)
		for (size_t want = count < 2 ? 2 : count; want < 12; want++) {
			make(count, wave);
			assert_int_equal(lttb_reduce(points, count, want), count);
			check_subset(count, count);
		}
}

static void a_spike_stays(void **state)
{
	size_t kept;
	bool found = false;

	(void)state;
	make(MANY, spike);
	kept = lttb_reduce(points, MANY, 50);
	for (size_t i = 0; i < kept; i++)
		found = found || points[i].value == 1000;
	assert_true(found);
}

static void a_flat_series_has_no_larger_triangle(void **state)
{
	(void)state;
	make(MANY, flat);
	assert_int_equal(lttb_reduce(points, MANY, 10), 10);
	check_subset(10, MANY);
}

static void equal_times_do_no_harm(void **state)
{
	(void)state;
	make(100, wave);
	for (size_t i = 0; i < 100; i++)
		points[i].time = original[0].time;
	assert_int_equal(lttb_reduce(points, 100, 10), 10);
	assert_true(points[0].value == original[0].value);
	assert_true(points[9].value == original[99].value);
}

/*
 * By hand: 7 points to 5, so three buckets of 5/3: points 1, 2 to 3, 4 to 5. From (1, 1) to the
 * mean (4.5, 1), twice the areas of points 2 and 3 are 10.5 and 14; from (3, -3) to (6, 1), those
 * of 4 and 5 are 5 and 7.
 */
static void a_small_case_is_that_of_the_thesis(void **state)
{
	static const double values[] = {0, 1, 4, -3, 0, 2, 1};
	static const double expected[] = {0, 1, -3, 2, 1};

	(void)state;
	for (size_t i = 0; i < 7; i++)
		points[i] = (struct point){.time = (int64_t)i, .value = values[i]};
	assert_int_equal(lttb_reduce(points, 7, 5), 5);
	for (size_t i = 0; i < 5; i++)
		if (points[i].value != expected[i])
			fail_msg("point %zu is %g, not %g", i, points[i].value, expected[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(first_and_last_stay),
	    cmocka_unit_test(nearly_all_is_kept_in_order),
	    cmocka_unit_test(as_many_as_there_are_gives_all),
	    cmocka_unit_test(a_spike_stays),
	    cmocka_unit_test(a_flat_series_has_no_larger_triangle),
	    cmocka_unit_test(equal_times_do_no_harm),
	    cmocka_unit_test(a_small_case_is_that_of_the_thesis),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
