#include "../unit.h"

#include "../../../cmd/sensor-decode/decode_json.h"

#include <stdio.h>

static struct decode_options decode_options = {.json = {.unit = TIME_MS, .max_depth = 4}};
static struct json_options *const options = &decode_options.json;
static struct readings readings;
static struct buf scratch, result;

/* The metrics with blanks for TABs, then " @TIME" when there is one; or "code: detail". */
static const char *decode(struct slice payload)
{
	struct slice copy = exact_copy(payload);
	struct fault fault;
	struct payload p = {.bytes = copy,
	                    .options = &decode_options,
	                    .readings = &readings,
	                    .scratch = &scratch,
	                    .fault = &fault};

	buf_clear(&result);
	readings_clear(&readings);
	if (decode_json(&p) < 0) {
		buf_printf(&result, "%s: %s", fault_name(fault.code), fault.detail);
	} else {
		assert_int_equal(readings.count, 1);
		for (size_t i = 0; i < readings.metrics.len; i++)
			if (readings.metrics.ptr[i] == '\t')
				readings.metrics.ptr[i] = ' ';
		buf_append(&result, readings.metrics.ptr + 1, readings.metrics.len - 1);
		if (readings.each[0].timed)
			buf_printf(&result, " @%lld", (long long)readings.each[0].time);
	}
	exact_free(copy);
	return buf_string(&result);
}

struct example {
	const char *payload, *result;
};

static void check(const struct example *examples, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_string_equal(decode(slice_of(examples[i].payload)), examples[i].result);
}
#define CHECK(examples) check(examples, sizeof(examples) / sizeof((examples)[0]))

static void test_values_stay_as_written(void **state)
{
	static const struct example examples[] = {
	    {"{\"t\":24.50}", "t=24.50"},
	    {" { \"a\" : 1 , \"b\" : -0.0 } \r\n\t", "a=1 b=-0.0"},
	    {"{\"big\":12345678901234567890123,\"e\":1E+2,\"tiny\":1e-400}",
	     "big=12345678901234567890123 e=1E+2 tiny=1e-400"},
	    {"{\"on\":true,\"off\":false}", "on=true off=false"},
	    {"{\"s\":\"\",\"u\":\"\\u00e9\\n\",\"v\":\"é\"}",
	     "s=\"\" u=\"\\\\u00e9\\\\n\" v=\"é\""},
	    {"{\"a\":null,\"b\":1,\"c\":null}", "b=1"},
	    {"{\"x\\u0041\\/\":1}", "xA/=1"},
	    {"{\"back\\\\slash\":\"\x7f\"}", "back\\\\slash=\"\\x7f\""},
	};

	(void)state;
	CHECK(examples);
}

static void test_nested_names(void **state)
{
	static const struct example examples[] = {
	    {"{\"a\":{\"b\":1,\"c\":{\"d\":2},\"e\":3},\"f\":4}", "a.b=1 a.c.d=2 a.e=3 f=4"},
	    {"{\"a\":{},\"b\":1}", "b=1"},
	    {"{\"\\u0061\":{\"\\u0062\":{\"c\":1}},\"d\":2}", "a.b.c=1 d=2"},
	    {"{\"a.b\":1,\"a\":{\"c\":2}}", "a.b=1 a.c=2"},
	    {"{\"a\":{\"ts\":5}}", "a.ts=5"},
	    {"{\"a\":{\"b\":{\"c\":{\"d\":1}}}}", "too-deep: 'a.b.c' is nested over 3 deep"},
	    {"{\"a\":{\"b\":{\"c\":1}}}", "a.b.c=1"},
	};

	(void)state;
	options->max_depth = 3;
	CHECK(examples);
}

static void test_names(void **state)
{
	static const struct example examples[] = {
	    {"{\"a\":1,\"a\":2}", "duplicate-name: 'a' is there twice"},
	    {"{\"a\":null,\"a\":2}", "duplicate-name: 'a' is there twice"},
	    {"{\"a\":1,\"\\u0061\":2}", "duplicate-name: 'a' is there twice"},
	    {"{\"a.b\":1,\"a\":{\"b\":2}}", "duplicate-name: 'a.b' is there twice"},
	    {"{\"a\":{\"b\":1},\"a\":{\"c\":2}}", "duplicate-name: 'a' is there twice"},
	    {"{\"a\":{\"b\":1,\"b\":2}}", "duplicate-name: 'a.b' is there twice"},
	    {"{\"A\":1,\"a\":2}", "A=1 a=2"},
	    {"{\"\":1}", "bad-name: offset 1: an empty name"},
	    {"{\"a\":{\"\":1}}", "bad-name: offset 6: an empty name"},
	    {"{\"a=b\":1}", "bad-name: the metric name 'a=b' has a '=' in it"},
	    {"{\"a\\tb\":1}", "bad-name: the metric name 'a\tb' has a control character"},
	    {"{\"a\\u0000b\":1}", "nul: offset 1: a name with a NUL in it"},
	    {"{\"a\":\"x\\u0000\"}", "nul: 'a' is a string with a NUL in it"},
	    {"{\"a\":\"x\\\\u0000\"}", "a=\"x\\\\\\\\u0000\""},
	};

	(void)state;
	CHECK(examples);
}

static void test_times(void **state)
{
	static const struct example examples[] = {
	    {"{\"ts\":1795363421836,\"a\":1}", "a=1 @1795363421836000"},
	    {"{\"a\":1,\"time\":\"2026-11-22T17:03:41.836186+01:00\"}", "a=1 @1795363421836186"},
	    {"{\"timestamp\":1795363421836.5,\"a\":1}", "a=1 @1795363421836500"},
	    {"{\"timestamp\":\"2026-11-22\\u005416:03:41Z\",\"a\":1}", "a=1 @1795363421000000"},
	    {"{\"ts\":null,\"time\":1,\"a\":1}", "a=1 @1000"},
	    {"{\"ts\":null,\"a\":1}", "a=1"},
	    {"{\"ts\":1,\"time\":1,\"a\":1}",
	     "duplicate-time: 'time' is a second time beside the first"},
	    {"{\"ts\":1,\"ts\":1,\"a\":1}", "duplicate-name: 'ts' is there twice"},
	    {"{\"ts\":\"noon\",\"a\":1}",
	     "bad-time: 'ts' is no time of the years 0001 to 9999: 'noon'"},
	    {"{\"ts\":true,\"a\":1}",
	     "bad-time: 'ts' is no time of the years 0001 to 9999: 'true'"},
	    {"{\"ts\":{},\"a\":1}", "bad-time: 'ts' is no time of the years 0001 to 9999: '{'"},
	    {"{\"ts\":1e99,\"a\":1}",
	     "bad-time: 'ts' is no time of the years 0001 to 9999: '1e99'"},
	    {"{\"ts\":01,\"a\":1}", "bad-json: offset 7: a ',' or '}' is missing"},
	    {"{\"ts\":", "bad-json: offset 6: the text ends where a value should be"},
	    {"{\"ts\":1}", "no-metrics: reading 1 has no metric with a value"},
	    {"{\"Time\":1}", "Time=1"},
	};

	(void)state;
	CHECK(examples);
	options->unit = TIME_S;
	assert_string_equal(decode(SLICE("{\"ts\":1.5,\"a\":1}")), "a=1 @1500000");
	options->unit = TIME_NS;
	assert_string_equal(decode(SLICE("{\"ts\":1795363421836186000,\"a\":1}")),
	                    "a=1 @1795363421836186");
	options->unit = TIME_MS;
}

static void test_shapes(void **state)
{
	static const struct example examples[] = {
	    {"[1]", "unsupported-shape: the payload is an array, not an object"},
	    {"24.5", "unsupported-shape: the payload is a number, not an object"},
	    {"\"on\"", "unsupported-shape: the payload is a string, not an object"},
	    {"true", "unsupported-shape: the payload is a truth value, not an object"},
	    {"null", "unsupported-shape: the payload is null, not an object"},
	    {"{\"a\":[1,2]}", "unsupported-shape: 'a' is an array"},
	    {"{\"a\":{\"b\":[]}}", "unsupported-shape: 'a.b' is an array"},
	    {"{}", "no-metrics: reading 1 has no metric with a value"},
	    {"{\"a\":null}", "no-metrics: reading 1 has no metric with a value"},
	    {"{\"a\":{}}", "no-metrics: reading 1 has no metric with a value"},
	    {"{\"a\":1e308}", "a=1e308"},
	    {"{\"a\":1e309}", "number-range: 'a' is beyond the range of a double"},
	    {"{\"a\":-1E999}", "number-range: 'a' is beyond the range of a double"},
	};

	(void)state;
	CHECK(examples);
}

/* What a lenient parser would take; the payload starts with {"a": and the rest is the example. */
static void test_grammar(void **state)
{
	static const char *const refused[] = {
	    "01}",
	    "-01}",
	    "+1}",
	    ".5}",
	    "-.5}",
	    "2.}",
	    "2.e3}",
	    "1e}",
	    "1e+}",
	    "0x1F}",
	    "1_000}",
	    "NaN}",
	    "Infinity}",
	    "-Infinity}",
	    "-}",
	    "1 000}",
	    "1}}",
	    "1},",
	    "1}x",
	    "1} {}",
	    "1,}",
	    "1,,\"b\":2}",
	    "1 \"b\":2}",
	    "1;\"b\":2}",
	    "}",
	    "",
	    "1",
	    "1,\"b\"}",
	    "1,\"b\":}",
	    "1,b:2}",
	    "1,'b':2}",
	    "'x'}",
	    "\"x}",
	    "\"\\x41\"}",
	    "\"\\u00g0\"}",
	    "\"\\u12\"}",
	    "\"\\ud800\"}",
	    "\"\\udc00\"}",
	    "\"\\ud800\\u0041\"}",
	    "\"a\tb\"}",
	    "\"a\nb\"}",
	    "\"\\\"}",
	    "True}",
	    "TRUE}",
	    "nul}",
	    "truefalse}",
	    "undefined}",
	    "1/**/}",
	    "1//\n}",
	    "1,#\n\"b\":2}",
	    "\"\xff\"}",
	    "\"\xc3\"}",
	    "\"\xed\xa0\x80\"}",
	    "\"\xc0\xaf\"}",
	    "\"\xf4\x90\x80\x80\"}",
	    "\f1}",
	    "\xc2\xa0"
	    "1}",
	    "\xe2\x80\xa8"
	    "1}",
	    "{\"b\":1}",
	    "1:2}",
	    "\"x\" \"y\"}",
	    "(1)}",
	};
	static const char *const taken[] = {
	    "0}",
	    "-0}",
	    "0e1}",
	    "0.0E-0}",
	    "1e+05}",
	    "123456789.000}",
	    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}",
	    "\"\\ud83d\\ude00\"}",
	    "\"\\uDBFF\\uDFFF\"}",
	    "\"\xf4\x8f\xbf\xbf\"}",
	    "\"\xef\xbf\xbf\"}",
	    "\"\xe2\x80\xa8\"}",
	    "\"\x7f\"}",
	    "1\n}\r\n",
	    "1,\" b \":2}",
	};
	struct buf payload = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		buf_clear(&payload);
		buf_printf(&payload, "{\"a\":%s", refused[i]);
		if (strncmp(decode(buf_slice(&payload)), "bad-json: ", 10) != 0)
			fail_msg("%s: %s", buf_string(&payload), buf_string(&result));
	}
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		buf_clear(&payload);
		buf_printf(&payload, "{\"a\":%s", taken[i]);
		if (strncmp(decode(buf_slice(&payload)), "a=", 2) != 0)
			fail_msg("%s: %s", buf_string(&payload), buf_string(&result));
	}
	buf_free(&payload);
	assert_string_equal(decode(SLICE("\xef\xbb\xbf{\"a\":1}")),
	                    "bad-json: offset 0: not a JSON value");
	assert_string_equal(decode(SLICE("{\"a\":1}\0")),
	                    "bad-json: offset 7: something follows the value");
	assert_string_equal(decode(SLICE("")),
	                    "bad-json: offset 0: the text ends where a value should be");
}

/* An object of `count` members m0, m1, ..., each of this value. */
static const char *decode_members(unsigned count, const char *value)
{
	struct buf payload = {0};
	const char *text;

	buf_putc(&payload, '{');
	for (unsigned i = 0; i < count; i++)
		buf_printf(&payload, "%s\"m%u\":%s", i ? "," : "", i, value);
	buf_putc(&payload, '}');
	text = decode(buf_slice(&payload));
	buf_free(&payload);
	return text;
}

static void test_limits(void **state)
{
	char text[READINGS_STRING_DEFAULT + 16], name[300];

	(void)state;
	decode_members(1000, "1");
	assert_int_equal(readings.metric_count, 1000);
	assert_string_equal(decode_members(1001, "1"), "too-many-metrics: more than 1000 metrics");
	assert_string_equal(decode_members(2049, "null"), "too-many-metrics: more than 2048 names");

	snprintf(text, sizeof(text), "{\"a\":\"%0*d\"}", READINGS_STRING_DEFAULT, 1);
	assert_memory_equal(decode(slice_of(text)), "a=\"0", 4);
	snprintf(text, sizeof(text), "{\"a\":\"%0*d\"}", READINGS_STRING_DEFAULT + 1, 1);
	assert_string_equal(decode(slice_of(text)),
	                    "string-too-long: 'a' is a string of 4097 bytes, more than 4096");

	snprintf(name, sizeof(name), "{\"%0255d\":1}", 1);
	assert_memory_equal(decode(slice_of(name)), "000", 3);
	snprintf(name, sizeof(name), "{\"%0256d\":1}", 1);
	assert_memory_equal(decode(slice_of(name)), "bad-name: ", 10);
	snprintf(name, sizeof(name), "{\"%0200d\":{\"%054d\":1}}", 1, 1);
	assert_memory_equal(decode(slice_of(name)), "000", 3);
	snprintf(name, sizeof(name), "{\"%0200d\":{\"%055d\":1}}", 1, 1);
	assert_memory_equal(decode(slice_of(name)), "bad-name: ", 10);
	snprintf(name, sizeof(name), "{\"%0255d\":{\"b\":1}}", 1);
	assert_memory_equal(decode(slice_of(name)), "bad-name: ", 10);
}

/* Nesting costs no stack, and ends at the limit whatever comes after it. */
static void test_depth(void **state)
{
	struct buf payload = {0};

	(void)state;
	options->max_depth = DECODE_JSON_DEPTH_MAX;
	for (int i = 0; i < 100000; i++)
		buf_append_string(&payload, "{\"a\":");
	assert_memory_equal(decode(buf_slice(&payload)), "too-deep: ", 10);
	buf_clear(&payload);
	for (int i = 0; i < 100000; i++)
		buf_append_string(&payload, "[");
	assert_memory_equal(decode(buf_slice(&payload)), "unsupported-shape: ", 19);
	options->max_depth = 4;
	buf_free(&payload);
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
	    cmocka_unit_test(test_values_stay_as_written),
	    cmocka_unit_test(test_nested_names),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_times),
	    cmocka_unit_test(test_shapes),
	    cmocka_unit_test(test_grammar),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_depth),
	};

	return cmocka_run_group_tests(tests, NULL, free_all);
}
