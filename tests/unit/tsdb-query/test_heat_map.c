/* heat_map: which series are kept, and how their days are printed. */
#include "fixture.h"

#include "../../../cmd/tsdb-query/days.h"
#include "../../../cmd/tsdb-query/heat_map.h"

#include <stdlib.h>

static struct buf text;
static struct tally tally;
static struct heat_map map;

static void begin(int64_t days)
{
	tally = (struct tally){0};
	map = (struct heat_map){.tally = &tally, .span = {0, days * DAYS_DAY}, .factor = 10};
	heat_map_init(&map);
}

static void add(const struct catalog_sensor *sensor, int64_t day, double score)
{
	struct row row = {.sensor = sensor,
	                  .metric = &heat_metric,
	                  .time = day * DAYS_DAY,
	                  .count = 1,
	                  .values = {score}};

	map.stage.row(&map.stage, &row);
}

static const char *printed(size_t width)
{
	const struct plot_look look = {.width = width, .height = 24};

	map.stage.finish(&map.stage);
	buf_clear(&text);
	heat_map_append(&text, &map, &look);
	heat_map_free(&map);
	return buf_string(&text);
}

static void series_without_an_odd_day_are_left_out(void **state)
{
	(void)state;
	begin(6);
	add(&sensor_a, 0, 3);
	add(&sensor_a, 5, 10);
	add(&sensor_b, 0, 0);
	add(&sensor_b, 2, 11);
	add(&sensor_b, 2, 4); /* the highest of a day counts */
	add(&sensor_b, 4, 20.5);
	assert_string_equal(printed(80), "climate b heat │· ▒ █ \n"
	                                 "                1970-01-01 to 1970-01-06, 1 day a place; "
	                                 "▒ over 10, █ over 20\n");
	assert_int_equal(tally.written, 6);
}

static void without_any_it_says_so(void **state)
{
	(void)state;
	begin(3);
	assert_string_equal(printed(80), "no odd day\n");
	begin(3);
	add(&sensor_a, 1, 10);
	assert_string_equal(printed(80), "no odd day\n");
}

static void where_there_is_no_room_the_worst_day_shows(void **state)
{
	(void)state;
	begin(20);
	for (int64_t day = 0; day < 20; day++)
		add(&sensor_a, day, day == 7 ? 12 : 1);
	assert_string_equal(printed(30), "climate a heat │···▒······\n"
	                                 "                1970-01-01 to 1970-01-20, 2 days a "
	                                 "place; ▒ over 10, █ over 20\n");
}

static void many_series_are_kept_to_a_limit(void **state)
{
	static struct catalog_sensor sensors[HEAT_MAP_LINES_MAX + 2];

	(void)state;
	begin(1);
	for (size_t i = 0; i < sizeof(sensors) / sizeof(sensors[0]); i++) {
		sensors[i] = sensor_a;
		add(&sensors[i], 0, 11);
	}
	map.stage.finish(&map.stage);
	assert_int_equal(map.count, HEAT_MAP_LINES_MAX);
	assert_int_equal(map.left_out, 2);
	heat_map_free(&map);
}

static void days_begin_at_midnight(void **state)
{
	(void)state;
	assert_int_equal(days_floor(0), 0);
	assert_int_equal(days_floor(DAYS_DAY - 1), 0);
	assert_int_equal(days_floor(DAYS_DAY), DAYS_DAY);
	assert_int_equal(days_floor(-1), -DAYS_DAY);
	assert_int_equal(days_floor(-DAYS_DAY), -DAYS_DAY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(series_without_an_odd_day_are_left_out),
	    cmocka_unit_test(without_any_it_says_so),
	    cmocka_unit_test(where_there_is_no_room_the_worst_day_shows),
	    cmocka_unit_test(many_series_are_kept_to_a_limit),
	    cmocka_unit_test(days_begin_at_midnight),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	buf_free(&text);
	return failed;
}
