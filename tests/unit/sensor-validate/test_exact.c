#include "../unit.h"

#include "../../../cmd/sensor-validate/exact.h"

#include "text/number.h"

static struct exact number(const char *text)
{
	struct exact a = {.text = slice_of(text)};

	assert_int_equal(number_parse(a.text, &a.value), 0);
	return a;
}

static void equal_numbers_in_all_their_spellings(void **state)
{
	static const char *const one[] = {"1", "1.0", "1e0", "10e-1", "0.1E+1", "1.000", "0.01e2"};
	static const char *const zero[] = {"0",   "-0",        "0.0",
	                                   "0e5", "-0.000e-7", "0e99999999999999999999"};
	const size_t ones = sizeof(one) / sizeof(one[0]), zeros = sizeof(zero) / sizeof(zero[0]);

	(void)state;
	for (size_t i = 0; i < ones; i++)
		for (size_t k = 0; k < ones; k++)
			assert_int_equal(exact_compare(number(one[i]), number(one[k])), 0);
	for (size_t i = 0; i < zeros; i++)
		for (size_t k = 0; k < zeros; k++)
			assert_int_equal(exact_compare(number(zero[i]), number(zero[k])), 0);
}

/* Each is less than the next, though some of them are the same double. */
static void order_beyond_doubles(void **state)
{
	static const char *const ascending[] = {
	    "-1e308",
	    "-9007199254740993",
	    "-9007199254740992",
	    "-1",
	    "-0.10000000000000000001",
	    "-0.1",
	    "-1e-500",
	    "0",
	    "1e-99999999999999999999",
	    "1e-501",
	    "1e-500",
	    "0.1",
	    "0.10000000000000000000000000001",
	    "0.100000000000000000001",
	    "9007199254740992",
	    "9007199254740992.5",
	    "9007199254740993",
	    "90071992547409920",
	    "1.7976931348623157e308",
	};

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(ascending) / sizeof(ascending[0]); i++) {
		struct exact less = number(ascending[i]), more = number(ascending[i + 1]);

		assert_true(exact_compare(less, more) < 0);
		assert_true(exact_compare(more, less) > 0);
	}
}

static void integers(void **state)
{
	static const char *const are[] = {"0",     "-0.0",  "1",    "1.0",   "-3",  "30e-1",
	                                  "1.5e1", "1e300", "1000", "0.5e1", "0e-5"};
	static const char *const are_not[] = {
	    "0.5", "1.0000000000000000000001", "1e-1", "15e-1", "1e-400", "-2.5", "12.340e1"};

	(void)state;
	for (size_t i = 0; i < sizeof(are) / sizeof(are[0]); i++)
		assert_true(exact_is_integer(number(are[i])));
	for (size_t i = 0; i < sizeof(are_not) / sizeof(are_not[0]); i++)
		assert_false(exact_is_integer(number(are_not[i])));
}

static void multiples(void **state)
{
	static const struct {
		const char *number, *divisor;
		bool is;
	} cases[] = {
	    {"0.0075", "0.0001", true}, /* no multiple in doubles */
	    {"0.00751", "0.0001", false},
	    {"0.3", "0.1", true},
	    {"1.1", "0.1", true},
	    {"19.99", "0.01", true},
	    {"4.5", "1.5", true},
	    {"35", "1.5", false},
	    {"0", "0.7", true},
	    {"-0.0", "7", true},
	    {"-9", "3", true},
	    {"-10", "3", false},
	    {"10", "2", true},
	    {"7", "2", false},
	    {"12", "20", false},
	    {"120", "20", true},
	    {"1e308", "0.5", true},
	    {"1e308", "0.123456789", false},
	    {"1e308", "3", false},
	    {"99999999999999999999999999999999999999", "3", true},
	    {"99999999999999999999999999999999999998", "3", false},
	    {"9007199254740993", "2", false}, /* as a double it is 9007199254740992 */
	    {"1e-400", "0.1", false},         /* as a double it is 0 */
	    {"12391239123", "1e-8", true},
	    {"24691357802469134", "12345678901234567", true},
	    {"24691357802469135", "12345678901234567", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct divisor d;

		assert_int_equal(divisor_set(&d, number(cases[i].divisor)), 0);
		if (exact_is_multiple(number(cases[i].number), &d) != cases[i].is)
			fail_msg("%s by %s", cases[i].number, cases[i].divisor);
	}
}

static void divisors_that_are_none(void **state)
{
	static const char *const texts[] = {"0", "0.00", "-1", "-0.5", "123456789012345678"};
	struct divisor d;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(divisor_set(&d, number(texts[i])), -1);
	assert_int_equal(divisor_set(&d, number("12345678901234567000")), 0);
	assert_true(d.significand == UINT64_C(12345678901234567) && d.exponent == 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(equal_numbers_in_all_their_spellings),
	    cmocka_unit_test(order_beyond_doubles),
	    cmocka_unit_test(integers),
	    cmocka_unit_test(multiples),
	    cmocka_unit_test(divisors_that_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
