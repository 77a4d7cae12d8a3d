/* instant: absolute times, times ago, and spans. */
#include "unit.h"

#include "base/clock.h"
#include "text/instant.h"

static const int64_t now = INT64_C(1790000000) * CLOCK_SECOND + 123;

static void check(const char *text, int64_t expected)
{
	int64_t us = 0;

	if (instant_parse(slice_of(text), now, &us) < 0)
		fail_msg("refused: '%s'", text);
	assert_int_equal(us, expected);
}

static void times_are_read(void **state)
{
	(void)state;
	check("now", now);
	check("-0s", now);
	check("-90s", now - 90 * CLOCK_SECOND);
	check("-30m", now - 1800 * CLOCK_SECOND);
	check("-24h", now - 86400 * CLOCK_SECOND);
	check("-7d", now - 7 * 86400 * CLOCK_SECOND);
	check("-2w", now - 14 * 86400 * CLOCK_SECOND);
	check("1970-01-01T00:00:01Z", CLOCK_SECOND);
	check("1970-01-01 01:00:00.5+01:00", CLOCK_SECOND / 2);
	check("0001-01-01T00:00:00Z", CLOCK_MIN);
	check("1970-01-02", 86400 * CLOCK_SECOND);
	check("0001-01-01", CLOCK_MIN);
}

static void spans_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} cases[] = {{"0s", 0},       {"10s", 10},   {"5m", 300},
	             {"1h", 3600},    {"1d", 86400}, {"2w", 1209600},
	             {"3600s", 3600}, {"01m", 60},   {"1000w", 604800000}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t us = -1;

		if (instant_parse_span(slice_of(cases[i].text), 604800000 * CLOCK_SECOND, &us) < 0)
			fail_msg("refused: '%s'", cases[i].text);
		assert_int_equal(us, cases[i].seconds * CLOCK_SECOND);
	}
}

static void what_is_no_span_is_refused(void **state)
{
	static const char *const cases[] = {
	    "",          "h",  "1",     "-1h", "1.5h", "1H",  "1 h",
	    "1hh",       "1y", "1001w", "+1h", "1h ",  "now", "9999999999999999999999999s",
	    "604800001s"};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct slice text = exact_copy(slice_of(cases[i]));
		int64_t us;

		if (instant_parse_span(text, 604800000 * CLOCK_SECOND, &us) == 0)
			fail_msg("taken: '%s'", cases[i]);
		exact_free(text);
	}
}

static void what_is_none_is_refused(void **state)
{
	static const char *const cases[] = {
	    "",           "-",         "-h",
	    "24h",        "-24",       "-24H",
	    "--24h",      "-2 h",      "-1.5h",
	    "+24h",       "-24x",      "2026-02-30",
	    "2026-1-031", "2026-01-3", "2026/01/31",
	    "now-1h",     "Now",       "-1hh",
	    "noon",       "-9w9w",     "-99999999999999999999s",
	    "-110000w",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct slice text = exact_copy(slice_of(cases[i]));
		int64_t us;

		if (instant_parse(text, now, &us) == 0)
			fail_msg("taken: '%s'", cases[i]);
		exact_free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(times_are_read),
	    cmocka_unit_test(what_is_none_is_refused),
	    cmocka_unit_test(spans_are_read),
	    cmocka_unit_test(what_is_no_span_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
