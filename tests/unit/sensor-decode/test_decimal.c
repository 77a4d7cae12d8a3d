#include "../unit.h"

#include "../../../cmd/sensor-decode/decimal.h"

/* The sum, or "too many digits". */
static const char *add(const char *a, const char *b)
{
	static char result[512];
	char out[DECIMAL_TEXT_MAX];
	struct slice left = exact_copy(slice_of(a)), right = exact_copy(slice_of(b)), sum;

	if (decimal_add(left, right, out, &sum) < 0)
		sum = SLICE("too many digits");
	assert_true(sum.len < sizeof(result));
	memcpy(result, sum.ptr, sum.len);
	result[sum.len] = '\0';
	exact_free(left);
	exact_free(right);
	return result;
}

static void test_sums(void **state)
{
	static const struct {
		const char *a, *b, *sum;
	} cases[] = {
	    {"23.5", "0.1", "23.6"},
	    {"0.1", "0.2", "0.3"},
	    {"20", "1.30", "21.30"},
	    {"1.5", "-0.5", "1.0"},
	    {"1", "-1", "0"},
	    {"-1.25", "1.25", "0.00"},
	    {"999.9", "0.1", "1000.0"},
	    {"-999.9", "-0.1", "-1000.0"},
	    {"1", "-1000", "-999"},
	    {"0.01", "-10", "-9.99"},
	    {"-99", "-99", "-198"},
	    {"1e3", "1", "1001"},
	    {"12.5e1", "1E-2", "125.01"},
	    {"1.320078429e+09", "0.1", "1320078429.1"},
	    {"9007199254740993", "1", "9007199254740994"},
	    {"18446744073709551615", "1e-9", "18446744073709551615.000000001"},
	    {"1e000000000000000000003", "1", "1001"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_string_equal(add(cases[i].a, cases[i].b), cases[i].sum);
		assert_string_equal(add(cases[i].b, cases[i].a), cases[i].sum);
	}
}

/* What is not changed stays as it is written. */
static void test_zero(void **state)
{
	(void)state;
	assert_string_equal(add("1.50e300", "0"), "1.50e300");
	assert_string_equal(add("-0.0e5", "1.50E-300"), "1.50E-300");
	assert_string_equal(add("0", "-0.00"), "0");
}

static void test_places(void **state)
{
	char nines[65] = "", sum[66] = "", behind[67] = "0.";

	(void)state;
	memset(nines, '9', 64);
	memset(sum, '9', 65);
	sum[0] = '1';
	sum[64] = '8';
	assert_string_equal(add(nines, nines), sum);
	memset(behind + 2, '1', 64);
	behind[65] = '4';
	memset(sum, '2', 65);
	assert_memory_equal(add(behind, behind), "0.2222", 6);
	assert_memory_equal(add(behind, behind) + 63, "228", 4);

	assert_string_equal(add("1e64", "1"), "too many digits");
	assert_string_equal(add("1", "1e-65"), "too many digits");
	assert_string_equal(add("1e999999999999", "1"), "too many digits");
	assert_string_equal(add("1", "-1e-999999999999"), "too many digits");
	assert_string_equal(add("1", "0.00000000000000000000000000000000000000000000000000000000000"
	                             "0000001"),
	                    "too many digits");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sums),
	    cmocka_unit_test(test_zero),
	    cmocka_unit_test(test_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
