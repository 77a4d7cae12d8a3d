/* The radix sort against qsort(3), and the order of the packed keys. */
#include "../unit.h"

#include "../../../cmd/tsdb-copy/sort.h"

#include <stdlib.h>

static void packing_keeps_order_and_values(void **state)
{
	static const int32_t sensors[] = {1, 2, 255, 256, 65535, 65536, INT32_MAX};
	static const int16_t metrics[] = {1, 2, 255, 256, INT16_MAX};
	static const int64_t times[] = {INT64_MIN, -1, 0, 1, INT64_MAX};
	uint64_t last = 0;

	(void)state;
	for (size_t s = 0; s < 7; s++) {
		for (size_t m = 0; m < 5; m++) {
			uint64_t series = sort_series(sensors[s], metrics[m]);

			assert_true(series > last);
			last = series;
			assert_int_equal(sort_sensor_id(series), sensors[s]);
			assert_int_equal(sort_metric_id(series), metrics[m]);
		}
	}
	for (size_t t = 0; t < 5; t++) {
		assert_true(sort_time_us(sort_time(times[t])) == times[t]);
		if (t)
			assert_true(sort_time(times[t - 1]) < sort_time(times[t]));
	}
}

/* By key, then by arrival: what a stable sort gives. */
static int compare(const void *a, const void *b)
{
	const struct sort_key *x = a, *y = b;
	int order = sort_compare(x, y);

	return order ? order : (x->value > y->value) - (x->value < y->value);
}

static void check_sort(size_t count, uint64_t series_mask, uint64_t time_mask)
{
	struct sort_key *keys = test_malloc((count + 1) * sizeof(*keys));
	struct sort_key *scratch = test_malloc((count + 1) * sizeof(*scratch));
	struct sort_key *expected = test_malloc((count + 1) * sizeof(*expected));

	for (size_t i = 0; i < count; i++) {
		keys[i].series = (uint64_t)mrand48() & series_mask;
		keys[i].time = ((uint64_t)mrand48() << 32 ^ (uint64_t)mrand48()) & time_mask;
		keys[i].value = (uint32_t)i;
		expected[i] = keys[i];
	}
	qsort(expected, count, sizeof(*expected), compare);
	sort_keys(keys, scratch, count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(compare(&keys[i], &expected[i]), 0);
		assert_int_equal(keys[i].value, expected[i].value);
	}
	test_free(keys);
	test_free(scratch);
	test_free(expected);
}

static void sorts_as_qsort_and_stably(void **state)
{
	static const size_t counts[] = {0, 1, 2, 3, 255, 256, 257, 5000};

	(void)state;
	srand48(7);
	for (size_t i = 0; i < 8; i++) {
		check_sort(counts[i], UINT64_C(0xffffffffffff), UINT64_MAX);
		check_sort(counts[i], 0x3, 0x7); /* many the same */
		check_sort(counts[i], 0xff00, UINT64_C(0xff) << 56);
		check_sort(counts[i], 0, 0); /* all the same */
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(packing_keeps_order_and_values),
	    cmocka_unit_test(sorts_as_qsort_and_stably),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
