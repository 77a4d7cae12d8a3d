/* cover: which table serves which part of a span, and where buckets begin. */
#include "../unit.h"

#include "../../../cmd/tsdb-query/cover.h"
#include "base/clock.h"

#define HOUR (INT64_C(3600) * CLOCK_SECOND)
#define DAY  (24 * HOUR)

static int64_t at(const char *text)
{
	int64_t us;

	if (clock_parse(slice_of(text), &us) < 0)
		fail_msg("no time: '%s'", text);
	return us;
}

/* The parts as text: "raw 01-01T23:30 01-02T00:00, ...". */
static const char *shown(const struct cover_wish *wish)
{
	static struct buf text;
	struct cover cover;

	buf_clear(&text);
	cover_choose(&cover, wish);
	assert_non_null(cover.why);
	for (size_t i = 0; i < cover.count; i++) {
		char from[CLOCK_TEXT_LEN], to[CLOCK_TEXT_LEN];

		assert_true(cover.parts[i].from < cover.parts[i].to);
		clock_format(cover.parts[i].from, from);
		clock_format(cover.parts[i].to, to);
		buf_printf(&text, "%s%s %.11s %.11s", i > 0 ? ", " : "",
		           cover_sources[cover.parts[i].source], from + 5, to + 5);
	}
	assert_int_equal(cover.parts[0].from, wish->from);
	assert_int_equal(cover.parts[cover.count - 1].to, wish->to);
	return buf_string(&text);
}

static struct cover_wish wish_of(const char *from, const char *to, int64_t bucket)
{
	return (struct cover_wish){.from = at(from),
	                           .to = at(to),
	                           .bucket = bucket,
	                           .hourly = {"hours", INT64_MAX},
	                           .daily = {"days", INT64_MAX}};
}

static void whole_days_and_hours_come_from_rollups(void **state)
{
	struct cover_wish wish = wish_of("2026-01-01T22:30:00Z", "2026-01-04T01:00:00.000001Z", 0);

	(void)state;
	assert_string_equal(shown(&wish),
	                    "raw 01-01T22:30 01-01T23:00, hourly 01-01T23:00 01-02T00:00, "
	                    "daily 01-02T00:00 01-04T00:00, hourly 01-04T00:00 01-04T01:00, "
	                    "raw 01-04T01:00 01-04T01:00");
	wish = wish_of("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", 0);
	assert_string_equal(shown(&wish), "daily 01-01T00:00 01-02T00:00");
	wish = wish_of("2026-01-01T00:30:00Z", "2026-01-01T00:50:00Z", 0);
	assert_string_equal(shown(&wish), "raw 01-01T00:30 01-01T00:50");
	wish = wish_of("2026-01-01T00:30:00Z", "2026-01-01T01:30:00Z", 0);
	assert_string_equal(shown(&wish), "raw 01-01T00:30 01-01T01:30");
	wish = wish_of("2026-01-01T12:00:00Z", "2026-01-02T12:00:00Z", 0);
	assert_string_equal(shown(&wish), "hourly 01-01T12:00 01-02T12:00");
}

static void buckets_decide(void **state)
{
	struct cover_wish wish = wish_of("2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z", 6 * HOUR);

	(void)state;
	assert_string_equal(shown(&wish), "hourly 01-01T00:00 01-03T00:00");
	wish.bucket = 90 * 60 * CLOCK_SECOND;
	assert_string_equal(shown(&wish), "raw 01-01T00:00 01-03T00:00");
	wish.bucket = 7 * DAY;
	assert_string_equal(shown(&wish), "daily 01-01T00:00 01-03T00:00");
	wish.bucket = 36 * HOUR;
	assert_string_equal(shown(&wish), "hourly 01-01T00:00 01-03T00:00");
}

static void what_is_computed_and_kept_decides(void **state)
{
	struct cover_wish wish = wish_of("2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z", DAY);

	(void)state;
	wish.raw_only = true;
	assert_string_equal(shown(&wish), "raw 01-01T00:00 01-03T00:00");
	wish.raw_only = false;
	wish.daily.upto = INT64_MIN;
	assert_string_equal(shown(&wish), "hourly 01-01T00:00 01-03T00:00");
	wish.hourly.upto = INT64_MIN;
	assert_string_equal(shown(&wish), "raw 01-01T00:00 01-03T00:00");
}

static void what_is_not_yet_stored_comes_from_readings(void **state)
{
	struct cover_wish wish = wish_of("2026-01-01T00:00:00Z", "2026-01-04T06:00:00Z", 0);

	(void)state;
	wish.daily.upto = at("2026-01-03T00:00:00Z");
	wish.hourly.upto = at("2026-01-03T05:30:00Z");
	assert_string_equal(shown(&wish),
	                    "daily 01-01T00:00 01-03T00:00, hourly 01-03T00:00 01-03T05:00, "
	                    "raw 01-03T05:00 01-04T06:00");
	wish.hourly.upto = at("2026-01-01T00:00:00Z");
	assert_string_equal(shown(&wish), "raw 01-01T00:00 01-04T06:00");
}

static void tables_are_named(void **state)
{
	struct cover_wish wish = wish_of("2026-01-01T00:00:00Z", "2026-01-02T01:00:00Z", 0);
	struct cover cover;

	(void)state;
	cover_choose(&cover, &wish);
	assert_string_equal(cover.parts[0].table, "days");
	assert_string_equal(cover.parts[1].table, "hours");
	wish.source = SOURCE_HOURLY;
	cover_choose(&cover, &wish);
	assert_string_equal(cover.parts[0].table, "readings_hourly");
}

static void a_source_can_be_asked_for(void **state)
{
	struct cover_wish wish = wish_of("2026-01-01T22:30:00Z", "2026-01-03T12:00:00Z", DAY);

	(void)state;
	wish.hourly.upto = wish.daily.upto = INT64_MIN;
	wish.source = SOURCE_HOURLY;
	assert_string_equal(shown(&wish),
	                    "raw 01-01T22:30 01-01T23:00, hourly 01-01T23:00 01-03T12:00");
	wish.source = SOURCE_DAILY;
	assert_string_equal(shown(&wish), "raw 01-01T22:30 01-02T00:00, "
	                                  "daily 01-02T00:00 01-03T00:00, "
	                                  "raw 01-03T00:00 01-03T12:00");
	assert_null(cover_fault(&wish));
	wish.source = SOURCE_RAW;
	assert_string_equal(shown(&wish), "raw 01-01T22:30 01-03T12:00");
}

static void what_a_source_cannot_do_is_told(void **state)
{
	struct cover_wish wish = wish_of("2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z", HOUR);

	(void)state;
	wish.source = SOURCE_HOURLY;
	assert_null(cover_fault(&wish));
	wish.source = SOURCE_DAILY;
	assert_non_null(cover_fault(&wish));
	wish.bucket = 0;
	assert_null(cover_fault(&wish));
	wish.raw_only = true;
	assert_non_null(cover_fault(&wish));
	wish.source = SOURCE_RAW;
	assert_null(cover_fault(&wish));
}

static void buckets_begin_at_round_times(void **state)
{
	(void)state;
	assert_int_equal(cover_bucket(at("2026-01-31T12:34:56.789Z"), 60 * CLOCK_SECOND),
	                 at("2026-01-31T12:34:00Z"));
	assert_int_equal(cover_bucket(at("2026-01-31T12:34:56Z"), 6 * HOUR),
	                 at("2026-01-31T12:00:00Z"));
	assert_int_equal(cover_bucket(at("2026-01-31T00:00:00Z"), DAY), at("2026-01-31T00:00:00Z"));
	/* A Saturday; its week began on Monday. */
	assert_int_equal(cover_bucket(at("2026-01-31T00:00:00Z"), 7 * DAY),
	                 at("2026-01-26T00:00:00Z"));
	/* Before the origin, and before 1970. */
	assert_int_equal(cover_bucket(at("1969-07-20T20:17:40Z"), DAY), at("1969-07-20T00:00:00Z"));
	assert_int_equal(cover_bucket(COVER_ORIGIN - 1, 7 * DAY), COVER_ORIGIN - 7 * DAY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whole_days_and_hours_come_from_rollups),
	    cmocka_unit_test(buckets_decide),
	    cmocka_unit_test(what_is_computed_and_kept_decides),
	    cmocka_unit_test(what_is_not_yet_stored_comes_from_readings),
	    cmocka_unit_test(tables_are_named),
	    cmocka_unit_test(a_source_can_be_asked_for),
	    cmocka_unit_test(what_a_source_cannot_do_is_told),
	    cmocka_unit_test(buckets_begin_at_round_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
