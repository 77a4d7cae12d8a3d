#include "../unit.h"

#include "../../../cmd/sensor-decode/decode_text.h"

static struct readings readings;
static struct buf scratch, result;

/* "m=value", or "code: detail". */
static const char *decode_named(struct slice payload, struct slice metric)
{
	static const struct decode_options options;
	struct slice copy = exact_copy(payload);
	struct fault fault;
	struct payload p = {.bytes = copy,
	                    .options = &options,
	                    .metric = metric,
	                    .readings = &readings,
	                    .scratch = &scratch,
	                    .fault = &fault};

	buf_clear(&result);
	readings_clear(&readings);
	if (decode_text(&p) < 0) {
		buf_printf(&result, "%s: %s", fault_name(fault.code), fault.detail);
	} else {
		assert_int_equal(readings.count, 1);
		assert_int_equal(readings.metric_count, 1);
		buf_append(&result, readings.metrics.ptr + 1, readings.metrics.len - 1);
	}
	exact_free(copy);
	return buf_string(&result);
}

static void test_values(void **state)
{
	static const struct {
		struct slice payload;
		const char *result;
	} cases[] = {
	    {SLICE("21.50"), "m=21.50"},
	    {SLICE(" -3e2\r\n"), "m=-3e2"},
	    {SLICE("12345678901234567890123"), "m=12345678901234567890123"},
	    {SLICE("true"), "m=true"},
	    {SLICE("\tfalse\n"), "m=false"},
	    /* all others are strings, also what is nearly a number */
	    {SLICE("ON"), "m=\"ON\""},
	    {SLICE("True"), "m=\"True\""},
	    {SLICE("021"), "m=\"021\""},
	    {SLICE("+1"), "m=\"+1\""},
	    {SLICE(".5"), "m=\".5\""},
	    {SLICE("21,5"), "m=\"21,5\""},
	    {SLICE("21.5 C"), "m=\"21.5 C\""},
	    {SLICE("0x1F"), "m=\"0x1F\""},
	    {SLICE("nano"), "m=\"nano\""},
	    {SLICE("-"), "m=\"-\""},
	    {SLICE("null"), "m=\"null\""},
	    {SLICE("{\"a\":1}"), "m=\"{\\\\\"a\\\\\":1}\""},
	    {SLICE(" two\n lines\t\x01 \xc3\xa9 "), "m=\"two\\\\n lines\\\\t\\\\u0001 \xc3\xa9\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(decode_named(cases[i].payload, SLICE("m")), cases[i].result);
}

static void test_refused(void **state)
{
	static const struct {
		struct slice payload;
		const char *result;
	} cases[] = {
	    {SLICE(""), "no-metrics: the payload is empty"},
	    {SLICE(" \r\n\t"), "no-metrics: the payload is empty"},
	    {SLICE("nan"), "number-range: 'nan' is not a finite number"},
	    {SLICE("-NaN"), "number-range: '-NaN' is not a finite number"},
	    {SLICE("+inf\n"), "number-range: '+inf' is not a finite number"},
	    {SLICE("Infinity"), "number-range: 'Infinity' is not a finite number"},
	    {SLICE("1e999"), "number-range: 'm' is beyond the range of a double"},
	    {SLICE("a\0b"), "nul: the text has a NUL in it"},
	    {SLICE("21\xb0"), "bad-text: the text is not UTF-8"},
	};
	char text[READINGS_STRING_DEFAULT + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(decode_named(cases[i].payload, SLICE("m")), cases[i].result);
	assert_memory_equal(decode_named(SLICE("1"), SLICE("")), "no-metric-name: ", 16);
	memset(text, 'x', sizeof(text));
	assert_memory_equal(decode_named((struct slice){text, READINGS_STRING_DEFAULT}, SLICE("m")),
	                    "m=\"xx", 5);
	assert_string_equal(decode_named((struct slice){text, sizeof(text)}, SLICE("m")),
	                    "string-too-long: 'm' is a string of 4097 bytes, more than 4096");
}

static int free_all(void **state)
{
	(void)state;
	readings_free(&readings);
	buf_free(&scratch);
	buf_free(&result);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_values),
	    cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, free_all);
}
