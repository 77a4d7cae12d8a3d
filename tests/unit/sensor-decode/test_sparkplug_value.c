#include "../unit.h"

#include "../../../cmd/sensor-decode/sparkplug/sparkplug_value.h"
#include "sparkplug_messages.h"

#include <math.h>

static struct buf text;

/* The value, the fate in digits, or the code of the fault. */
static const char *value(const Sparkplug__Metric *m, uint32_t datatype)
{
	struct fault fault;
	int fate;

	buf_clear(&text);
	fate = sparkplug_value(m, datatype, 10, &text, &fault);
	if (fate < 0)
		return fault_name(fault.code);
	if (fate != SPARKPLUG_TAKEN) {
		assert_int_equal(text.len, 0);
		buf_append_u64(&text, (uint64_t)fate);
	}
	return buf_string(&text);
}

static const char *of_int(uint32_t datatype, uint32_t n)
{
	build(NONE, NONE);
	return value(add_int("m", NONE, NONE, n), datatype);
}

static const char *of_long(uint32_t datatype, uint64_t n)
{
	build(NONE, NONE);
	return value(add_long("m", NONE, NONE, n), datatype);
}

static void integers_have_their_sign_and_width(void **state)
{
	static const char refused[] = "bad-sparkplug";
	static const struct {
		uint32_t datatype;
		uint64_t bits;
		const char *by_int, *by_long; /* NULL: not of so many bits */
	} cases[] = {
	    {SPARKPLUG_INT8, 0, "0", "0"},
	    {SPARKPLUG_INT8, 127, "127", "127"},
	    {SPARKPLUG_INT8, 0x80, "-128", "-128"},
	    {SPARKPLUG_INT8, 0xff, "-1", "-1"},
	    {SPARKPLUG_INT8, 0x100, refused, refused},
	    {SPARKPLUG_INT8, 0xffffffff, "-1", refused},
	    {SPARKPLUG_INT8, 0xffffff7f, refused, refused},
	    {SPARKPLUG_INT8, 0xfffff080, refused, refused},
	    {SPARKPLUG_INT8, UINT64_MAX, NULL, "-1"},
	    {SPARKPLUG_INT16, 0x8000, "-32768", "-32768"},
	    {SPARKPLUG_INT16, 0x7fff, "32767", "32767"},
	    {SPARKPLUG_INT16, 0x18000, refused, refused},
	    {SPARKPLUG_INT32, 0x80000000, "-2147483648", "-2147483648"},
	    {SPARKPLUG_INT32, 0x7fffffff, "2147483647", "2147483647"},
	    {SPARKPLUG_INT32, UINT64_C(0xffffffff80000000), NULL, "-2147483648"},
	    {SPARKPLUG_INT32, UINT64_C(0x1ffffffff), NULL, refused},
	    {SPARKPLUG_INT64, 5, "5", "5"},
	    {SPARKPLUG_INT64, 0xffffffff, refused, "4294967295"},
	    {SPARKPLUG_INT64, UINT64_C(1) << 63, NULL, "-9223372036854775808"},
	    {SPARKPLUG_INT64, INT64_MAX, NULL, "9223372036854775807"},
	    {SPARKPLUG_UINT8, 255, "255", "255"},
	    {SPARKPLUG_UINT8, 256, refused, refused},
	    {SPARKPLUG_UINT8, 0xffffffff, refused, refused},
	    {SPARKPLUG_UINT16, 65535, "65535", "65535"},
	    {SPARKPLUG_UINT16, 65536, refused, refused},
	    {SPARKPLUG_UINT32, 0xffffffff, "4294967295", "4294967295"},
	    {SPARKPLUG_UINT32, UINT64_C(1) << 32, NULL, refused},
	    {SPARKPLUG_UINT64, 0xffffffff, "4294967295", "4294967295"},
	    {SPARKPLUG_UINT64, UINT64_MAX, NULL, "18446744073709551615"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (cases[i].by_int)
			assert_string_equal(of_int(cases[i].datatype, (uint32_t)cases[i].bits),
			                    cases[i].by_int);
		assert_string_equal(of_long(cases[i].datatype, cases[i].bits), cases[i].by_long);
	}
}

static const char *of_float(uint32_t datatype, float f)
{
	Sparkplug__Metric m = SPARKPLUG__METRIC__INIT;

	m.value_case = SPARKPLUG__METRIC__VALUE_FLOAT_VALUE;
	m.float_value = f;
	return value(&m, datatype);
}

static const char *of_double(uint32_t datatype, double d)
{
	build(NONE, NONE);
	return value(add_double("m", NONE, NONE, d), datatype);
}

static void reals_have_no_digits_too_many(void **state)
{
	(void)state;
	assert_string_equal(of_float(SPARKPLUG_FLOAT, 21.3F), "21.3");
	assert_string_equal(of_float(SPARKPLUG_DOUBLE, 0.1F), "0.1");
	assert_string_equal(of_double(SPARKPLUG_DOUBLE, 0.1), "0.1");
	assert_string_equal(of_double(SPARKPLUG_FLOAT, 1.0 / 3), "0.3333333333333333");
	assert_string_equal(of_double(SPARKPLUG_DOUBLE, INFINITY), "4");
	assert_string_equal(of_float(SPARKPLUG_FLOAT, NAN), "4");
	assert_string_equal(of_int(SPARKPLUG_DOUBLE, 1), "bad-sparkplug");
}

static void the_others(void **state)
{
	Sparkplug__Metric m = SPARKPLUG__METRIC__INIT;

	(void)state;
	m.value_case = SPARKPLUG__METRIC__VALUE_BOOLEAN_VALUE;
	m.boolean_value = 1;
	assert_string_equal(value(&m, SPARKPLUG_BOOLEAN), "true");
	assert_string_equal(value(&m, SPARKPLUG_INT8), "bad-sparkplug");
	assert_string_equal(value(&m, SPARKPLUG_STRING), "bad-sparkplug");
	assert_string_equal(value(&m, SPARKPLUG_DATETIME), "bad-sparkplug");
	m.boolean_value = 0;
	assert_string_equal(value(&m, SPARKPLUG_BOOLEAN), "false");
	assert_string_equal(of_int(SPARKPLUG_BOOLEAN, 1), "bad-sparkplug");
	build(NONE, NONE);
	assert_string_equal(value(add_text("m", NONE, NONE, "a\"\xc3\xa9"), SPARKPLUG_STRING),
	                    "\"a\\\"\xc3\xa9\"");
	assert_string_equal(value(add_text("m", NONE, NONE, ""), SPARKPLUG_TEXT), "\"\"");
	assert_string_equal(value(add_text("m", NONE, NONE, "0123456789"), SPARKPLUG_UUID),
	                    "\"0123456789\"");
	assert_string_equal(value(add_text("m", NONE, NONE, "0123456789a"), SPARKPLUG_UUID), "5");
	assert_string_equal(of_long(SPARKPLUG_DATETIME, 1795363421836),
	                    "\"2026-11-22T16:03:41.836000Z\"");
	assert_string_equal(of_long(SPARKPLUG_DATETIME, INT64_MAX), "4");
}

static int free_all(void **state)
{
	(void)state;
	buf_free(&text);
	buf_free(&built_bytes);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(integers_have_their_sign_and_width),
	    cmocka_unit_test(reals_have_no_digits_too_many),
	    cmocka_unit_test(the_others),
	};

	return cmocka_run_group_tests(tests, NULL, free_all);
}
