#include "../unit.h"

#include "../../../cmd/sensor-sim/pace.h"

static int64_t the_time;

static int64_t fake_now(void)
{
	return the_time;
}

/* Messages that may be sent at this time. */
static uint64_t take_all(struct pace *p, int64_t time)
{
	uint64_t n = 0;

	the_time = time;
	while (pace_take(p, fake_now))
		n++;
	return n;
}

static void sends_evenly(void **state)
{
	struct pace p;

	(void)state;
	pace_init(&p, 4, 1000);
	assert_int_equal(take_all(&p, 1000), 1);
	assert_int_equal(pace_next(&p), 251000);
	assert_int_equal(take_all(&p, 250999), 0);
	assert_int_equal(take_all(&p, 251000), 1);
	assert_int_equal(take_all(&p, 1001000), 3);
}

/* A sleeper that always wakes 70 us late still sends the right number. */
static void does_not_drift(void **state)
{
	struct pace p;
	uint64_t sent = 0;

	(void)state;
	pace_init(&p, 1500, 0);
	while (pace_next(&p) < 10 * CLOCK_SECOND)
		sent += take_all(&p, pace_next(&p) + 70);
	assert_in_range(sent, 15000, 15001);
}

static void a_stall_is_made_good_for_a_second_only(void **state)
{
	struct pace p;

	(void)state;
	pace_init(&p, 100, 0);
	assert_int_equal(take_all(&p, 0), 1);
	assert_in_range(take_all(&p, 60 * CLOCK_SECOND), 100, 101);
	/* And then the rate is what it was. */
	assert_in_range(take_all(&p, 61 * CLOCK_SECOND), 99, 101);
}

static void no_rate_is_no_limit(void **state)
{
	struct pace p;

	(void)state;
	pace_init(&p, 0, 0);
	for (int i = 0; i < 1000; i++)
		assert_true(pace_take(&p, NULL));
}

static void less_than_one_a_second(void **state)
{
	struct pace p;

	(void)state;
	pace_init(&p, 0.1, 0);
	assert_int_equal(take_all(&p, 0), 1);
	assert_int_equal(take_all(&p, 9999999), 0);
	assert_int_equal(take_all(&p, 10000000), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sends_evenly),
	    cmocka_unit_test(does_not_drift),
	    cmocka_unit_test(a_stall_is_made_good_for_a_second_only),
	    cmocka_unit_test(no_rate_is_no_limit),
	    cmocka_unit_test(less_than_one_a_second),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
