#include "../unit.h"

#include "../../../cmd/sensor-sim/random.h"

/* The first numbers of seed 1234567, as the reference implementation gives them. */
static void gives_the_reference_sequence(void **state)
{
	static const uint64_t expected[] = {
	    UINT64_C(6457827717110365317),  UINT64_C(3203168211198807973),
	    UINT64_C(9817491932198370423),  UINT64_C(4593380528125082431),
	    UINT64_C(16408922859458223821),
	};
	struct random r = {1234567};

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		assert_true(random_next(&r) == expected[i]);
}

static void noise_has_mean_0_and_variance_1(void **state)
{
	enum { N = 100000 };
	struct random r = random_stream(1, 1);
	double sum = 0, squares = 0;

	(void)state;
	for (int i = 0; i < N; i++) {
		double x = random_noise(&r);

		assert_true(x > -3.5 && x < 3.5);
		sum += x;
		squares += x * x;
	}
	assert_true(sum / N > -0.02 && sum / N < 0.02);
	assert_true(squares / N > 0.97 && squares / N < 1.03);
}

static void unit_is_uniform_below_1(void **state)
{
	enum { N = 100000, BINS = 10 };
	struct random r = random_stream(7, 0);
	int bins[BINS] = {0};

	(void)state;
	for (int i = 0; i < N; i++) {
		double x = random_unit(&r);

		assert_true(x >= 0 && x < 1);
		bins[(int)(x * BINS)]++;
	}
	for (int i = 0; i < BINS; i++)
		assert_in_range(bins[i], N / BINS - 500, N / BINS + 500);
}

static void streams_differ(void **state)
{
	struct random a = random_stream(1, 0), b = random_stream(1, 1), c = random_stream(2, 0);
	uint64_t x = random_next(&a), y = random_next(&b), z = random_next(&c);

	(void)state;
	assert_true(x != y && x != z && y != z);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(gives_the_reference_sequence),
	    cmocka_unit_test(noise_has_mean_0_and_variance_1),
	    cmocka_unit_test(unit_is_uniform_below_1),
	    cmocka_unit_test(streams_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
