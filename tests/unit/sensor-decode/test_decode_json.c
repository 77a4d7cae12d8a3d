#include "../unit.h"

#include "../../../cmd/sensor-decode/json/decode_json.h"

#include <stdio.h>

static struct decode_options decode_options = {.json = {.unit = TIME_MS, .max_depth = 4}};
static struct json_options *const options = &decode_options.json;
static struct readings readings;
static struct buf scratch, result;

static void append_readings(void)
{
	size_t from = 0;

	for (size_t i = 0; i < readings.metrics.len; i++)
		if (readings.metrics.ptr[i] == '\t')
			readings.metrics.ptr[i] = ' ';
	for (size_t i = 0; i < readings.count; i++) {
		size_t end = readings.each[i].end;

		buf_append_string(&result, i ? " | " : "");
		buf_append(&result, readings.metrics.ptr + from + 1, end - from - 1);
		if (readings.each[i].timed)
			buf_printf(&result, " @%lld", (long long)readings.each[i].time);
		from = end;
	}
}

/* The metrics with blanks for TABs, then " @TIME" when there is one, the readings separated by " |
 * "; or "code: detail". */
static const char *decode_named(struct slice payload, struct slice metric)
{
	struct slice copy = exact_copy(payload);
	struct fault fault;
	struct payload p = {.bytes = copy,
	                    .options = &decode_options,
	                    .metric = metric,
	                    .readings = &readings,
	                    .scratch = &scratch,
	                    .fault = &fault};

	buf_clear(&result);
	readings_clear(&readings);
	if (decode_json(&p) < 0) {
		buf_printf(&result, "%s: %s", fault_name(fault.code), fault.detail);
	} else {
		append_readings();
	}
	exact_free(copy);
	return buf_string(&result);
}

static const char *decode(struct slice payload)
{
	return decode_named(payload, SLICE(""));
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
	    {"{\"a\":[1,2]}", "unsupported-shape: 'a' is an array; '--arrays index' takes it"},
	    {"{\"a\":{\"b\":[]}}",
	     "unsupported-shape: 'a.b' is an array; '--arrays index' takes it"},
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

static void test_arrays(void **state)
{
	static const struct example examples[] = {
	    {"{\"a\":[0.1,9.80]}", "a.0=0.1 a.1=9.80"},
	    {"{\"a\":[],\"b\":[[]],\"c\":1}", "c=1"},
	    {"{\"a\":[null,true,\"x\"],\"b\":2}", "a.1=true a.2=\"x\" b=2"},
	    {"{\"a\":[{\"b\":1,\"c\":[2,3]},{\"b\":4}],\"d\":5}",
	     "a.0.b=1 a.0.c.0=2 a.0.c.1=3 a.1.b=4 d=5"},
	    {"{\"a\":[[1,2],[3]]}", "a.0.0=1 a.0.1=2 a.1.0=3"},
	    {"{\"a\":[1],\"a.0\":2}", "duplicate-name: 'a.0' is there twice"},
	    {"{\"a\":[{\"ts\":1}]}", "a.0.ts=1"},
	    {"{\"a\":[[[1]]]}", "a.0.0.0=1"},
	    {"{\"a\":[[[[1]]]]}", "too-deep: 'a.0.0.0' is nested over 4 deep"},
	    {"{\"a\":[1,]}", "bad-json: offset 8: not a JSON value"},
	    {"{\"a\":[1}}", "bad-json: offset 7: a ',' or ']' is missing"},
	    {"{\"ts\":[1]}", "bad-time: 'ts' is no time of the years 0001 to 9999: '['"},
	};

	(void)state;
	options->max_depth = 4;
	options->index_arrays = true;
	CHECK(examples);
	options->index_arrays = false;
}

/* {"ts": ..., "values": {...}} and nothing else in it. */
static void test_envelope(void **state)
{
	static const struct example examples[] = {
	    {"{\"ts\":1500,\"values\":{\"a\":1,\"b\":{\"c\":2}}}", "a=1 b.c=2 @1500000"},
	    {"{\"values\":{\"a\":1},\"ts\":1500}", "a=1 @1500000"},
	    {" { \"ts\" : 1500 , \"values\" : { \"a\" : 1 } } ", "a=1 @1500000"},
	    {"{\"t\\u0073\":1500,\"v\\u0061lues\":{\"a\":1}}", "a=1 @1500000"},
	    {"{\"\\u0074s\":1500,\"\\u0076alues\":{\"a\":1}}", "a=1 @1500000"},
	    {"{\"ts\":\"1970-01-01T00:00:01Z\",\"values\":{\"a\":1}}", "a=1 @1000000"},
	    {"{\"ts\":null,\"values\":{\"a\":1}}", "a=1"},
	    {"{\"ts\":1,\"values\":{\"ts\":2,\"values\":3}}", "ts=2 values=3 @1000"},
	    {"{\"ts\":1,\"values\":{}}", "no-metrics: reading 1 has no metric with a value"},
	    {"{\"ts\":\"x,y\",\"values\":{\"a\":1}}",
	     "bad-time: 'ts' is no time of the years 0001 to 9999: 'x,y'"},
	    {"{\"ts\":true,\"values\":{\"a\":1}}",
	     "bad-time: 'ts' is no time of the years 0001 to 9999: 'true'"},
	    /* others */
	    {"{\"ts\":1,\"values\":{\"a\":1},\"b\":2}", "values.a=1 b=2 @1000000"},
	    {"{\"ts\":1,\"values\":3}", "values=3 @1000000"},
	    {"{\"values\":{\"a\":1}}", "values.a=1"},
	    {"{\"time\":1,\"values\":{\"a\":1}}", "values.a=1 @1000000"},
	    {"{\"ts\":1,\"ts\":2}", "duplicate-name: 'ts' is there twice"},
	    {"{\"values\":{\"a\":1},\"values\":{\"b\":1}}",
	     "duplicate-name: 'values' is there twice"},
	    {"{\"ts\":1,\"values\":{\"a\":1}", "bad-json: offset 24: object without an end"},
	    {"{\"ts\":1,\"values\":{\"a\":1,\"a\":2}}", "duplicate-name: 'a' is there twice"},
	};

	(void)state;
	options->unit = TIME_S; /* which does not hold for it */
	CHECK(examples);
	options->unit = TIME_MS;
	options->max_depth = 1;
	assert_string_equal(decode(SLICE("{\"ts\":1,\"values\":{\"a\":1}}")),
	                    "too-deep: 'values' is nested over 1 deep");
	options->max_depth = 4;
}

static void test_batches(void **state)
{
	static const struct example examples[] = {
	    {"[{\"ts\":1,\"a\":1},{\"ts\":2,\"a\":2}]", "a=1 @1000 | a=2 @2000"},
	    {"[{\"a\":1,\"ts\":1},{\"ts\":2,\"values\":{\"a\":2}}]", "a=1 @1000 | a=2 @2000"},
	    {"[{\"a\":1}]", "a=1"},
	    {"[{\"a\":1},{\"b\":2},{\"c\":{\"d\":3}}]", "a=1 b=2 c.d=3"},
	    {"[{},{\"b\":2}]", "b=2"},
	    {"[{\"a\":1},{\"a\":2}]", "duplicate-name: 'a' is there twice"},
	    {"[{\"a\":1},{\"b\":2,\"ts\":1}]",
	     "bad-time: element 2 has a time, those before it have none"},
	    {"[{\"ts\":1},{\"ts\":2,\"a\":2}]", "no-metrics: reading 1 has no metric with a value"},
	    {"[]", "no-metrics: the array is empty"},
	    {"[{}]", "no-metrics: reading 1 has no metric with a value"},
	    {"[1]", "unsupported-shape: element 1 of the array is a number, not an object"},
	    {"[{\"a\":1},[]]",
	     "unsupported-shape: element 2 of the array is an array, not an object"},
	    {"[{\"a\":1}", "bad-json: offset 8: array without an end"},
	    {"[{\"a\":1}] 2", "bad-json: offset 10: something follows the value"},
	    {"[{\"a\":{\"b\":{\"c\":1}}}]", "a.b.c=1"},
	    {"[{\"a\":{\"b\":{\"c\":{}}}}]", "too-deep: 'a.b.c' is nested over 4 deep"},
	};

	(void)state;
	CHECK(examples);
	options->max_depth = 1;
	assert_string_equal(decode(SLICE("[{\"a\":1}]")),
	                    "too-deep: 'the array' is nested over 1 deep");
	options->max_depth = 4;
}

static void test_lone_values(void **state)
{
	static const struct {
		const char *payload, *result;
	} named[] = {
	    {"24.50", "m=24.50"},
	    {" \"on\"\n", "m=\"on\""},
	    {"true", "m=true"},
	    {"null", "no-metrics: the payload is null"},
	    {"1e999", "number-range: 'm' is beyond the range of a double"},
	    {"\"\\u0000\"", "nul: 'm' is a string with a NUL in it"},
	    {"1 2", "bad-json: offset 2: something follows the value"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		assert_string_equal(decode_named(slice_of(named[i].payload), SLICE("m")),
		                    named[i].result);
	assert_string_equal(decode(SLICE("24.5")),
	                    "no-metric-name: the payload is one value, and neither {metric} in a "
	                    "template nor --metric names it");
	assert_string_equal(decode_named(SLICE("1"), SLICE("a=b")),
	                    "bad-name: the metric name 'a=b' has a '=' in it");
}

/* What is no JSON is told as that, whatever was wrong before the place. */
static void test_verdict(void **state)
{
	static const struct example examples[] = {
	    {"{\"a\":1,\"a\":2", "bad-json: offset 12: object without an end"},
	    {"[1,", "bad-json: offset 3: the text ends where a value should be"},
	    {"{\"ts\":\"noon\",}", "bad-json: offset 13: a name in quotes is missing"},
	    {"{\"\":1}x", "bad-json: offset 6: something follows the value"},
	    {"{\"a\":[1,2]]", "bad-json: offset 10: a ',' or '}' is missing"},
	};
	struct buf deep = {0};

	(void)state;
	CHECK(examples);
	for (int i = 0; i < 3000; i++)
		buf_append_string(&deep, i % 3 ? "[" : "{\"a\":");
	assert_memory_equal(decode(buf_slice(&deep)), "bad-json: offset 10000: ", 10);
	for (int i = 3000; i-- > 0;)
		buf_append_string(&deep, i % 3 ? "]" : deep.ptr[deep.len - 1] == ':' ? "1}" : "}");
	assert_memory_equal(decode(buf_slice(&deep)), "unsupported-shape: ", 19);
	buf_append_string(&deep, "}");
	assert_memory_equal(decode(buf_slice(&deep)), "bad-json: ", 10);
	buf_free(&deep);
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
	assert_memory_equal(decode(buf_slice(&payload)), "bad-json: ", 10);
	buf_append_string(&payload, "1");
	for (int i = 0; i < 100000; i++)
		buf_append_string(&payload, "}");
	assert_memory_equal(decode(buf_slice(&payload)), "too-deep: ", 10);
	buf_clear(&payload);
	for (int i = 0; i < 100000; i++)
		buf_append_string(&payload, "[");
	assert_memory_equal(decode(buf_slice(&payload)), "bad-json: ", 10);
	for (int i = 0; i < 100000; i++)
		buf_append_string(&payload, "]");
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
	    cmocka_unit_test(test_arrays),
	    cmocka_unit_test(test_envelope),
	    cmocka_unit_test(test_batches),
	    cmocka_unit_test(test_lone_values),
	    cmocka_unit_test(test_verdict),
	    cmocka_unit_test(test_grammar),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_depth),
	};

	return cmocka_run_group_tests(tests, NULL, free_all);
}
