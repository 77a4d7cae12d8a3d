#include "../unit.h"

#include "../../../cmd/sensor-decode/device_time.h"

static void test_exact(void **state)
{
	static const struct {
		const char *number;
		enum time_unit unit;
		int64_t us;
	} cases[] = {
	    {"0", TIME_S, 0},
	    {"0.0", TIME_S, 0},
	    {"-0", TIME_MS, 0},
	    {"0e99", TIME_S, 0},
	    {"1", TIME_S, 1000000},
	    {"1", TIME_MS, 1000},
	    {"1", TIME_US, 1},
	    {"1", TIME_NS, 0},
	    {"999", TIME_NS, 0},
	    {"1000", TIME_NS, 1},
	    {"-1", TIME_MS, -1000},
	    {"1795363421.836186", TIME_S, 1795363421836186},
	    {"1795363421836.186", TIME_MS, 1795363421836186},
	    {"1795363421836186999", TIME_NS, 1795363421836186},
	    {"-1795363421836186999", TIME_NS, -1795363421836186},
	    {"1.795363421836186e9", TIME_S, 1795363421836186},
	    {"17953634218361860E-7", TIME_S, 1795363421836186},
	    {"0.0000017", TIME_S, 1},
	    {"0.00123", TIME_S, 1230},
	    {"100.5", TIME_MS, 100500},
	    {"0.1", TIME_S, 100000},
	    /* not to be told from its neighbours by a double */
	    {"253402300799.999999", TIME_S, INT64_C(253402300799999999)},
	    {"-62135596800", TIME_S, INT64_C(-62135596800000000)},
	    {"1e-999999999999999999999", TIME_S, 0},
	    {"0.00000000000000000000000000000000001e41", TIME_S, INT64_C(1000000000000)},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t us = -1;

		assert_int_equal(device_time_number(slice_of(cases[i].number), cases[i].unit, &us),
		                 0);
		if (us != cases[i].us)
			fail_msg("%s: %lld", cases[i].number, (long long)us);
	}
}

static void test_out_of_range(void **state)
{
	static const char *const cases[] = {
	    "253402300800",           "-62135596801",           "1e300",
	    "9999999999999999999999", "1e99999999999999999999", "-1e13"};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t us;

		assert_int_equal(device_time_number(slice_of(cases[i]), TIME_S, &us), -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_exact),
	    cmocka_unit_test(test_out_of_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
