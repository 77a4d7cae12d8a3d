/* pace: even rates, the distances of the records, and catching up within bounds. */
#include "unit.h"

#include "base/clock.h"
#include "stream/pace.h"

static void without_a_pace_all_is_due_now(void **state)
{
	struct pace p = {0};

	(void)state;
	assert_int_equal(pace_due(&p, 7, 1000), 1000);
	assert_int_equal(pace_due(&p, 1, 2000), 2000);
}

static void a_rate_is_even(void **state)
{
	struct pace p = {.rate = 4};

	(void)state;
	for (int i = 0; i < 10; i++)
		assert_int_equal(pace_due(&p, 0, 5000), 5000 + i * CLOCK_SECOND / 4);
}

/* 1/3 of a microsecond is not lost. */
static void a_high_rate_does_not_drift(void **state)
{
	struct pace p = {.rate = 3e6};
	int64_t due = 0;

	(void)state;
	for (int i = 0; i <= 3000000; i++)
		due = pace_due(&p, 0, 0);
	assert_in_range(due, CLOCK_SECOND - 2, CLOCK_SECOND + 2);
}

static void a_rate_catches_up_within_bounds(void **state)
{
	struct pace p = {.rate = 10};
	int64_t now = 100 * CLOCK_SECOND;

	(void)state;
	pace_due(&p, 0, 0);
	/* After a stall of 100 s: ten messages at once, then one each 100 ms again. */
	for (int i = 0; i <= 10; i++)
		assert_true(pace_due(&p, 0, now) <= now);
	assert_int_equal(pace_due(&p, 0, now), now + CLOCK_SECOND / 10);
}

static void speed_follows_the_times(void **state)
{
	struct pace p = {.speed = 10};
	int64_t first = INT64_C(1700000000) * CLOCK_SECOND;

	(void)state;
	assert_int_equal(pace_due(&p, first, 500), 500);
	assert_int_equal(pace_due(&p, first + CLOCK_SECOND, 600), 500 + CLOCK_SECOND / 10);
	assert_int_equal(pace_due(&p, first + 60 * CLOCK_SECOND, 600), 500 + 6 * CLOCK_SECOND);
}

/* What comes after goes on at the distances it had. */
static void a_clock_set_back_is_no_wait_and_no_burst(void **state)
{
	struct pace p = {.speed = 1};
	int64_t hour = 3600 * CLOCK_SECOND;

	(void)state;
	assert_int_equal(pace_due(&p, 2 * hour, 0), 0);
	assert_int_equal(pace_due(&p, hour, 0), 0);
	assert_int_equal(pace_due(&p, hour + CLOCK_SECOND, 0), CLOCK_SECOND);
	assert_int_equal(pace_due(&p, hour + 2 * CLOCK_SECOND, 0), 2 * CLOCK_SECOND);
}

/* All years there are, a million times slower: more microseconds than an int64_t has. */
static void a_wait_without_end_is_told(void **state)
{
	struct pace p = {.speed = 1e-6};

	(void)state;
	assert_int_equal(pace_due(&p, CLOCK_MIN, 0), 0);
	assert_int_equal(pace_due(&p, CLOCK_MAX, 0), INT64_MAX);
}

static void speed_catches_up_within_bounds(void **state)
{
	struct pace p = {.speed = 1};
	int64_t now = 100 * CLOCK_SECOND;

	(void)state;
	pace_due(&p, 0, 0);
	assert_int_equal(pace_due(&p, CLOCK_SECOND, now), now - PACE_CATCH_UP);
	assert_int_equal(pace_due(&p, 2 * CLOCK_SECOND, now), now);
	assert_int_equal(pace_due(&p, 3 * CLOCK_SECOND, now), now + CLOCK_SECOND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(without_a_pace_all_is_due_now),
	    cmocka_unit_test(a_rate_is_even),
	    cmocka_unit_test(a_high_rate_does_not_drift),
	    cmocka_unit_test(a_rate_catches_up_within_bounds),
	    cmocka_unit_test(speed_follows_the_times),
	    cmocka_unit_test(a_clock_set_back_is_no_wait_and_no_burst),
	    cmocka_unit_test(a_wait_without_end_is_told),
	    cmocka_unit_test(speed_catches_up_within_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
