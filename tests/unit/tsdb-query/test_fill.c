/* fill: the buckets that are made up, and what is in them. */
#include "fixture.h"

#include "../../../cmd/tsdb-query/fill.h"

/* Buckets of width 10 from 0 to 60, with the mean and the count. */
static struct aggregates aggregates;
static struct tally tally;
static struct shown shown;
static struct fill fill;

static void begin(enum fill_mode mode)
{
	struct slice at;

	tally = (struct tally){0};
	shown = SHOWN;
	aggregates.count = 0;
	assert_null(aggregates_add(&aggregates, "avg,count", &at));
	fill = (struct fill){.next = &shown.stage,
	                     .tally = &tally,
	                     .mode = mode,
	                     .aggregates = &aggregates,
	                     .first = 0,
	                     .end = 60,
	                     .width = 10};
	fill_init(&fill);
}

static void put(const struct catalog_sensor *sensor, int64_t time, double avg, double count)
{
	struct row row = {.sensor = sensor,
	                  .metric = &heat_metric,
	                  .time = time,
	                  .count = 2,
	                  .values = {avg, count}};

	fill.stage.row(&fill.stage, &row);
}

static void expect(const char *text, uint64_t filled)
{
	fill.stage.finish(&fill.stage);
	assert_string_equal(buf_string(&shown.text), text);
	assert_int_equal(tally.filled, filled);
	buf_free(&shown.text);
}

static void with_null(void **state)
{
	(void)state;
	begin(FILL_NULL);
	put(&sensor_a, 10, 1, 5);
	put(&sensor_a, 40, 4, 5);
	expect("a heat 0: - 0\na heat 10: 1 5\na heat 20: - 0\na heat 30: - 0\n"
	       "a heat 40: 4 5\na heat 50: - 0\nend\n",
	       4);
}

static void with_the_previous(void **state)
{
	(void)state;
	begin(FILL_PREVIOUS);
	put(&sensor_a, 10, 1, 5);
	put(&sensor_a, 40, 4, 5);
	expect("a heat 0: - 0\na heat 10: 1 5\na heat 20: 1 0\na heat 30: 1 0\n"
	       "a heat 40: 4 5\na heat 50: 4 0\nend\n",
	       4);
}

static void linearly(void **state)
{
	(void)state;
	begin(FILL_LINEAR);
	put(&sensor_a, 10, 1, 5);
	put(&sensor_a, 40, 4, 5);
	expect("a heat 0: - 0\na heat 10: 1 5\na heat 20: 2 0\na heat 30: 3 0\n"
	       "a heat 40: 4 5\na heat 50: - 0\nend\n",
	       4);
}

static void linearly_beside_nothing(void **state)
{
	(void)state;
	begin(FILL_LINEAR);
	put(&sensor_a, 0, 1, 5);
	put(&sensor_a, 20, NAN, 0);
	put(&sensor_a, 40, 4, 5);
	put(&sensor_a, 50, 5, 5);
	expect("a heat 0: 1 5\na heat 10: - 0\na heat 20: - 0\na heat 30: - 0\n"
	       "a heat 40: 4 5\na heat 50: 5 5\nend\n",
	       2);
}

static void each_series_by_itself(void **state)
{
	(void)state;
	begin(FILL_PREVIOUS);
	put(&sensor_a, 40, 4, 5);
	put(&sensor_b, 10, 1, 5);
	put(&sensor_b, 20, 2, 5);
	expect("a heat 0: - 0\na heat 10: - 0\na heat 20: - 0\na heat 30: - 0\n"
	       "a heat 40: 4 5\na heat 50: 4 0\n"
	       "b heat 0: - 0\nb heat 10: 1 5\nb heat 20: 2 5\nb heat 30: 2 0\n"
	       "b heat 40: 2 0\nb heat 50: 2 0\nend\n",
	       9);
}

static void nothing_stays_nothing(void **state)
{
	(void)state;
	begin(FILL_NULL);
	expect("end\n", 0);
	begin(FILL_NULL);
	for (int64_t time = 0; time < 60; time += 10)
		put(&sensor_a, time, 1, 1);
	expect("a heat 0: 1 1\na heat 10: 1 1\na heat 20: 1 1\na heat 30: 1 1\n"
	       "a heat 40: 1 1\na heat 50: 1 1\nend\n",
	       0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(with_null),
	    cmocka_unit_test(with_the_previous),
	    cmocka_unit_test(linearly),
	    cmocka_unit_test(linearly_beside_nothing),
	    cmocka_unit_test(each_series_by_itself),
	    cmocka_unit_test(nothing_stays_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
