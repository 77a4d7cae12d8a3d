/* The latest reading of each series. */
#include "../unit.h"

#include "../../../cmd/tsdb-copy/latest_map.h"

#include <stdlib.h>

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct latest_map));
	return *state == NULL;
}

static int teardown(void **state)
{
	latest_map_free(*state);
	free(*state);
	return 0;
}

static void note(struct latest_map *m, uint64_t series, int64_t time, double value)
{
	latest_map_note(m, &(struct latest_reading){series, time, value, 1});
}

static void the_newer_one_stays(void **state)
{
	struct latest_map *m = *state;

	note(m, 7, 100, 1);
	note(m, 7, 99, 2);
	note(m, 8, -5, 3);
	note(m, 8, -4, 4);
	assert_int_equal(m->count, 2);
	latest_map_sort(m);
	assert_int_equal(m->readings[0].time, 100);
	assert_float_equal(m->readings[0].value, 1, 0);
	assert_int_equal(m->readings[1].time, -4);
}

static void of_the_same_time_the_one_noted_last(void **state)
{
	struct latest_map *m = *state;

	note(m, 7, 100, 1);
	note(m, 7, 100, 2);
	assert_int_equal(m->count, 1);
	assert_float_equal(m->readings[0].value, 2, 0);
}

/* Against an array with a place for each series. */
static void as_many_as_come(void **state)
{
	enum { SERIES = 20000, READINGS = 200000 };
	struct latest_map *m = *state;
	int64_t *times = calloc(SERIES, sizeof(*times));
	size_t count = 0;

	assert_non_null(times);
	srandom(7);
	for (int i = 0; i < READINGS; i++) {
		size_t sensor = (size_t)random() % (SERIES / 4), metric = (size_t)random() % 4;
		int64_t time = 1 + random();

		count += times[4 * sensor + metric] == 0;
		if (times[4 * sensor + metric] < time)
			times[4 * sensor + metric] = time;
		note(m, sensor << 16 | metric, time, 0);
	}
	assert_int_equal(m->count, count);
	latest_map_sort(m);
	for (size_t i = 0; i < m->count; i++) {
		const struct latest_reading *r = &m->readings[i];

		assert_int_equal(r->time, times[4 * (r->series >> 16) + (r->series & 3)]);
		assert_true(i == 0 || r[-1].series < r->series);
	}
	free(times);
}

static void cleared_it_forgets(void **state)
{
	struct latest_map *m = *state;

	latest_map_clear(m);
	for (uint64_t series = 0; series < 1000; series++)
		note(m, series, 100, 1);
	latest_map_clear(m);
	assert_int_equal(m->count, 0);
	note(m, 999, 50, 2);
	note(m, 0, 50, 2);
	assert_int_equal(m->count, 2);
	latest_map_sort(m);
	assert_int_equal(m->readings[0].series, 0);
	assert_int_equal(m->readings[1].time, 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(the_newer_one_stays, setup, teardown),
	    cmocka_unit_test_setup_teardown(of_the_same_time_the_one_noted_last, setup, teardown),
	    cmocka_unit_test_setup_teardown(as_many_as_come, setup, teardown),
	    cmocka_unit_test_setup_teardown(cleared_it_forgets, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
