#include "unit.h"

#include "text/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static int parse(const char *text, double *value)
{
	struct slice copy = exact_copy(slice_of(text));
	int result = number_parse(copy, value);

	exact_free(copy);
	return result;
}

static void takes_only_json_numbers(void **state)
{
	static const char *const right[] = {"0", "-0", "1", "-1.5", "0.1", "1e2", "1E+2", "10e-3"};
	static const char *const wrong[] = {"",    "-",    "+1", "01",  "-01", ".5",
	                                    "1.",  "1.e1", "1e", "1e+", "0x1", "inf",
	                                    "NaN", "1 ",   " 1", "1,2", "--1", "1e1.5"};
	double value;

	(void)state;
	for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++)
		assert_int_equal(parse(right[i], &value), 0);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(parse(wrong[i], &value), -1);
}

static void reads_up_to_the_end_of_a_number(void **state)
{
	static const struct {
		const char *text;
		int len; /* -1: none */
		double value;
	} cases[] = {
	    {"12;3", 2, 12},
	    {"-0.50\"", 5, -0.5},
	    {"01", 1, 0},
	    {"-01", 2, -0.0},
	    {"1.5.5", 3, 1.5},
	    {"1e5x", 3, 1e5},
	    {"1E-1", 4, 0.1},
	    {"1e999,", 5, INFINITY},
	    {"-1e999", 6, -INFINITY},
	    {"1.", -1, 0},
	    {"1.x", -1, 0},
	    {"1ex", -1, 0},
	    {"-", -1, 0},
	    {"", -1, 0},
	    {"x", -1, 0},
	    {"-x", -1, 0},
	    {"123456789012345678901234567890z", 30, 123456789012345678901234567890.0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice copy = exact_copy(slice_of(cases[i].text));
		double value = 0;
		const char *end = number_read(copy.ptr, copy.ptr + copy.len, &value);

		assert_int_equal(end ? end - copy.ptr : -1, cases[i].len);
		assert_memory_equal(&value, &cases[i].value, sizeof(value));
		assert_ptr_equal(end, number_end(copy.ptr, copy.ptr + copy.len));
		exact_free(copy);
	}
}

/* Every text of six of these characters, with and without some behind it that are looked at in one
 * go: it ends where number_end() says, and has the value that strtod(3) gives. */
static void takes_short_ones_as_long_ones(void **state)
{
	static const char of[] = "019.-e;", *const behind[] = {"", "7", "\t1.5", "99999.99",
	                                                       ".5e9;;;;;"};
	enum { KINDS = sizeof(of) - 1, LEN = 6, ALL = 117649 };
	char text[LEN + 16], number[LEN + 16];

	(void)state;
	for (int i = 0; i < ALL * 5; i++) {
		double mine = 0, libc = 0;
		const char *end;
		size_t len;

		for (int k = 0, n = i % ALL; k < LEN; k++, n /= KINDS)
			text[k] = of[n % KINDS];
		len = (size_t)snprintf(text + LEN, sizeof(text) - LEN, "%s", behind[i / ALL]) + LEN;
		end = number_read(text, text + len, &mine);
		assert_ptr_equal(end, number_end(text, text + len));
		if (end) {
			snprintf(number, sizeof(number), "%.*s", (int)(end - text), text);
			libc = strtod(number, NULL);
		}
		assert_memory_equal(&mine, &libc, sizeof(mine));
	}
}

/* Bit for bit what strtod(3) gives, on the fast way and the slow one. */
static void rounds_exactly(void **state)
{
	static const char *const fixed[] = {
	    "0",
	    "-0",
	    "0.1",
	    "9007199254740993",
	    "9007199254740992",
	    "74.93588199999998",
	    "1.7976931348623157e308",
	    "5e-324",
	    "2.2250738585072011e-308",
	    "123456789012345678901234567890",
	    "0.00000000000000000000000000001",
	    "1234567890.1234567890",
	    "0.3000000000000000166533453694",
	    "9999999999999999999",
	    "18446744073709551616",
	    "1e22",
	};
	char text[64];

	(void)state;
	srand(1);
	for (unsigned i = 0; i < 200000; i++) {
		double mine = 0, libc;

		if (i < sizeof(fixed) / sizeof(*fixed))
			snprintf(text, sizeof(text), "%s", fixed[i]);
		else
			snprintf(text, sizeof(text), "%d%d.%0*d", rand() % 2 ? rand() : -rand() - 1,
			         rand() % 1000, rand() % 12 + 1, rand());
		assert_int_equal(parse(text, &mine), 0);
		libc = strtod(text, NULL);
		assert_memory_equal(&mine, &libc, sizeof(mine));
	}
}

static void refuses_what_a_double_cannot_hold(void **state)
{
	double value;

	(void)state;
	assert_int_equal(parse("1e999", &value), -1);
	assert_int_equal(parse("-1e309", &value), -1);
	assert_int_equal(parse("1e-999", &value), 0);
	assert_true(value == 0);
}

static void writes_the_shortest_that_reads_back(void **state)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = {
	    {0, "0"},
	    {24.5, "24.5"},
	    {0.1, "0.1"},
	    {-1e21, "-1e+21"},
	    {1.0 / 3, "0.3333333333333333"},
	    {5e-324, "4.94065645841247e-324"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf b = {0};
		double again;

		number_append(&b, cases[i].value);
		assert_string_equal(buf_string(&b), cases[i].text);
		assert_int_equal(number_parse(buf_slice(&b), &again), 0);
		assert_memory_equal(&again, &cases[i].value, sizeof(again));
		buf_free(&b);
	}
}

static void writes_floats_shorter(void **state)
{
	static const struct {
		float value;
		const char *text;
	} cases[] = {
	    {0.1F, "0.1"},
	    {21.3F, "21.3"},
	    {-1.5F, "-1.5"},
	    {16777216.0F, "16777216"},
	    {3.4028235e38F, "3.4028235e+38"},
	    {1e-45F, "1.4013e-45"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf b = {0};

		number_append_float(&b, cases[i].value);
		assert_string_equal(buf_string(&b), cases[i].text);
		assert_true(strtof(buf_string(&b), NULL) == cases[i].value);
		buf_free(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(takes_only_json_numbers),
	    cmocka_unit_test(reads_up_to_the_end_of_a_number),
	    cmocka_unit_test(takes_short_ones_as_long_ones),
	    cmocka_unit_test(rounds_exactly),
	    cmocka_unit_test(refuses_what_a_double_cannot_hold),
	    cmocka_unit_test(writes_the_shortest_that_reads_back),
	    cmocka_unit_test(writes_floats_shorter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
