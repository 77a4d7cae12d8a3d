/* Which hours of which series rows touch. */
#include "../unit.h"

#include "../../../cmd/tsdb-copy/encode.h"
#include "../../../cmd/tsdb-copy/touched.h"
#include "base/clock.h"

#define HOUR   (INT64_C(3600) * CLOCK_SECOND)
#define MINUTE (INT64_C(60) * CLOCK_SECOND)

enum { HEADER = 20 }; /* bytes of an array before its elements */

static struct touched touched;

static struct sort_key key(int32_t sensor, int16_t metric, int64_t time)
{
	return (struct sort_key){.series = sort_series(sensor, metric), .time = sort_time(time)};
}

static void collect(struct sort_key *keys, size_t count, int64_t now)
{
	const struct rows rows = {.keys = keys, .count = count};

	touched_collect(&touched, &rows, now);
}

static void expect(size_t i, int32_t sensor, int16_t metric, int64_t hour)
{
	assert_int_equal(decode_time(touched.hours.ptr + HEADER + i * (4 + 8) + 4), hour);
	assert_int_equal(decode_i32(touched.sensors.ptr + HEADER + i * (4 + 4) + 4), sensor);
	assert_int_equal(decode_i16(touched.metrics.ptr + HEADER + i * (4 + 2) + 4), metric);
}

static void each_hour_of_a_series_once(void **state)
{
	const int64_t noon = 20000 * 24 * HOUR + 12 * HOUR;
	struct sort_key keys[] = {
	    key(1, 1, noon),           key(1, 1, noon + 1),        key(1, 1, noon + HOUR - 1),
	    key(1, 1, noon + HOUR),    key(1, 2, noon + HOUR + 5), key(7, 2, noon + HOUR + 5),
	    key(7, 2, noon + 3 * HOUR)};

	(void)state;
	collect(keys, 7, noon + 24 * HOUR);
	assert_int_equal(touched.count, 5);
	expect(0, 1, 1, noon);
	expect(1, 1, 1, noon + HOUR);
	expect(2, 1, 2, noon + HOUR);
	expect(3, 7, 2, noon + HOUR);
	expect(4, 7, 2, noon + 3 * HOUR);
	assert_int_equal(touched.hours.len, HEADER + 5 * (4 + 8));
}

/* Live rows touch nothing; those of an hour that may be over do, a little early rather than late.
 */
static void only_hours_that_may_be_over(void **state)
{
	const int64_t noon = 20000 * 24 * HOUR + 12 * HOUR;
	struct sort_key keys[] = {key(1, 1, noon + 10 * MINUTE), key(1, 1, noon + 2 * HOUR)};

	(void)state;
	collect(keys, 2, noon + 10 * MINUTE);
	assert_int_equal(touched.count, 0);
	collect(keys, 2, noon + HOUR - TOUCHED_MARGIN);
	assert_int_equal(touched.count, 0);
	collect(keys, 2, noon + HOUR - TOUCHED_MARGIN + 1);
	assert_int_equal(touched.count, 1);
	expect(0, 1, 1, noon);
	collect(keys, 0, noon + 24 * HOUR);
	assert_int_equal(touched.count, 0);
}

static void hours_before_1970(void **state)
{
	struct sort_key keys[] = {key(1, 1, -1), key(1, 2, -HOUR), key(1, 2, -HOUR - 1)};

	(void)state;
	collect(keys, 3, 24 * HOUR);
	assert_int_equal(touched.count, 3);
	expect(0, 1, 1, -HOUR);
	expect(1, 1, 2, -HOUR);
	expect(2, 1, 2, -2 * HOUR);
}

static int forget(void **state)
{
	(void)state;
	touched_free(&touched);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_hour_of_a_series_once),
	    cmocka_unit_test(only_hours_that_may_be_over),
	    cmocka_unit_test(hours_before_1970),
	};

	return cmocka_run_group_tests(tests, NULL, forget);
}
