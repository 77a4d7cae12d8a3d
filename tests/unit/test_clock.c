#include "unit.h"

#include "base/clock.h"

static int64_t parse(const char *text)
{
	int64_t us = INT64_MIN;

	assert_int_equal(clock_parse(slice_of(text), &us), 0);
	return us;
}

static void reads_rfc_3339(void **state)
{
	(void)state;
	assert_int_equal(parse("1970-01-01T00:00:00Z"), 0);
	assert_int_equal(parse("1970-01-01T00:00:00.000001Z"), 1);
	assert_int_equal(parse("1969-12-31T23:59:59.999999Z"), -1);
	assert_int_equal(parse("2013-12-02T21:15:00Z"), INT64_C(1386018900000000));
	assert_int_equal(parse("2000-02-29t12:00:00.5z"), INT64_C(951825600500000));
	assert_int_equal(parse("2026-11-22 15:36:00+05:30"), parse("2026-11-22T10:06:00Z"));
	assert_int_equal(parse("2026-11-22T15:36:00-00:01"), parse("2026-11-22T15:37:00Z"));
	assert_int_equal(parse("2016-12-31T23:59:60Z"), parse("2017-01-01T00:00:00Z"));
}

static void cuts_what_is_finer_than_a_microsecond(void **state)
{
	(void)state;
	assert_int_equal(parse("1970-01-01T00:00:00.1234567899Z"), 123456);
	assert_int_equal(parse("1970-01-01T00:00:00.1Z"), 100000);
}

static void refuses_what_is_no_time(void **state)
{
	static const char *const wrong[] = {
	    "",
	    "2026",
	    "2026-01-01",
	    "2026-01-01T00:00:00",
	    "2026-01-01T00:00Z",
	    "2026-13-01T00:00:00Z",
	    "2026-00-01T00:00:00Z",
	    "2026-02-29T00:00:00Z",
	    "1900-02-29T00:00:00Z",
	    "2026-04-31T00:00:00Z",
	    "2026-01-01T24:00:00Z",
	    "2026-01-01T00:60:00Z",
	    "2026-01-01T00:00:61Z",
	    "2026-01-01T00:00:00.Z",
	    "2026-01-01T00:00:00.12",
	    "2026-01-01T00:00:00+24:00",
	    "2026-01-01T00:00:00+01:60",
	    "2026-01-01T00:00:00+0100",
	    "2026-01-01T00:00:00ZZ",
	    "2026-01-01T00:00:00Z ",
	    " 2026-01-01T00:00:00Z",
	    "2026-1-01T00:00:00.0Z",
	    "+026-01-01T00:00:00Z",
	    "99999-01-01T00:00:00Z",
	    "0000-12-31T23:59:59Z",
	    "0001-01-01T00:00:00+00:01",
	    "9999-12-31T23:59:59-00:01",
	    "2026-01-01_00:00:00Z",
	};
	int64_t us;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct slice text = exact_copy(slice_of(wrong[i]));

		if (clock_parse(text, &us) == 0)
			fail_msg("'%s' was taken for a time", wrong[i]);
		exact_free(text);
	}
}

static void writes_what_it_reads(void **state)
{
	static const int64_t edges[] = {CLOCK_MIN, CLOCK_MAX, 0, -1, 1, -86400 * CLOCK_SECOND};
	uint64_t random = 88172645463325252;

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		char text[CLOCK_TEXT_LEN];
		int64_t us, again = 0;

		random ^= random << 13; /* Marsaglia's xorshift */
		random ^= random >> 7;
		random ^= random << 17;
		us = CLOCK_MIN + (int64_t)(random % (uint64_t)(CLOCK_MAX - CLOCK_MIN));
		if (i < sizeof(edges) / sizeof(*edges))
			us = edges[i];
		clock_format(us, text);
		assert_int_equal(clock_parse((struct slice){text, sizeof(text)}, &again), 0);
		assert_int_equal(again, us);
	}
}

static void writes_microseconds_and_utc(void **state)
{
	struct buf b = {0};

	(void)state;
	clock_append(&b, INT64_C(1386018900000007));
	assert_slice(buf_slice(&b), "2013-12-02T21:15:00.000007Z");
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_rfc_3339),
	    cmocka_unit_test(cuts_what_is_finer_than_a_microsecond),
	    cmocka_unit_test(refuses_what_is_no_time),
	    cmocka_unit_test(writes_what_it_reads),
	    cmocka_unit_test(writes_microseconds_and_utc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
