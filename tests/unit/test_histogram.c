/* The histogram against a sorted list of the same values. */
#include "observe/histogram.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void empty_is_zero(void **state)
{
	struct histogram h = {0};

	(void)state;
	assert_int_equal(histogram_quantile(&h, 0.5), 0);
	assert_int_equal(histogram_below(&h, HISTOGRAM_MAX), 0);
}

static void small_values_are_exact(void **state)
{
	struct histogram h = {0};

	(void)state;
	for (int us = 0; us < 32; us++)
		histogram_add(&h, us, 1);
	assert_int_equal(h.count, 32);
	assert_int_equal(histogram_quantile(&h, 0), 0);
	assert_int_equal(histogram_quantile(&h, 0.5), 15);
	assert_int_equal(histogram_quantile(&h, 1), 31);
	for (int us = 0; us < 32; us++)
		assert_int_equal(histogram_below(&h, us), us + 1);
}

static void outside_the_range_is_clamped(void **state)
{
	struct histogram h = {0};

	(void)state;
	histogram_add(&h, -5, 1);
	histogram_add(&h, INT64_MAX, 2);
	assert_int_equal(h.max, HISTOGRAM_MAX);
	assert_int_equal(histogram_quantile(&h, 0.3), 0);
	assert_int_equal(histogram_quantile(&h, 1), HISTOGRAM_MAX);
	assert_int_equal(histogram_below(&h, -1), 0);
	assert_int_equal(histogram_below(&h, 0), 1);
	assert_int_equal(histogram_below(&h, INT64_MAX), 3);
}

static void adding_many_at_once_counts_them(void **state)
{
	struct histogram h = {0};

	(void)state;
	histogram_add(&h, 1000, 99);
	histogram_add(&h, 5000, 1);
	histogram_add(&h, 9000, 0);
	assert_int_equal(h.count, 100);
	assert_int_equal(h.max, 5000);
	assert_true(h.sum == 99 * 1000.0 + 5000.0);
	assert_in_range(histogram_quantile(&h, 0.99), 1000, 1032);
	assert_int_equal(histogram_quantile(&h, 0.991), 5000);
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Values of every magnitude: a quantile is never below the true one and at most 1/32 above it. */
static void quantiles_are_close(void **state)
{
	enum { N = 20000 };
	static int64_t values[N];
	struct histogram h = {0};

	(void)state;
	srand48(42);
	for (int i = 0; i < N; i++) {
		values[i] = (int64_t)exp2(drand48() * 41.9);
		histogram_add(&h, values[i], 1);
	}
	qsort(values, N, sizeof(values[0]), compare);
	for (int percent = 1; percent <= 100; percent++) {
		int64_t truth = values[N / 100 * percent - 1];
		int64_t got = histogram_quantile(&h, percent / 100.0);

		assert_true(got >= truth);
		assert_true((double)got <= (double)truth * (1 + 1.0 / 32));
	}
}

/* Every power of two and its neighbours: counted at or below themselves, not below their half. */
static void bucket_edges(void **state)
{
	(void)state;
	for (int power = 1; power <= 42; power++) {
		for (int off = -1; off <= 1; off++) {
			int64_t us = (INT64_C(1) << power) + off;
			struct histogram h = {0};

			if (us > HISTOGRAM_MAX)
				continue;
			histogram_add(&h, us, 1);
			assert_int_equal(histogram_below(&h, us), 1);
			assert_int_equal(histogram_below(&h, us / 2), us / 2 == us ? 1 : 0);
			assert_int_equal(histogram_quantile(&h, 0.5), us);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(empty_is_zero),
	    cmocka_unit_test(small_values_are_exact),
	    cmocka_unit_test(outside_the_range_is_clamped),
	    cmocka_unit_test(adding_many_at_once_counts_them),
	    cmocka_unit_test(quantiles_are_close),
	    cmocka_unit_test(bucket_edges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
