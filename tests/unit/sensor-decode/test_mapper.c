#include "../unit.h"

#include "../../../cmd/sensor-decode/map/mapper.h"

static struct decode_options options = {.json = {.unit = TIME_S, .max_depth = 8}};
static struct mapper *mapper;
static struct readings readings;
static struct buf scratch, result;

static void append_name(const char *mark, struct slice name)
{
	if (name.ptr)
		buf_printf(&result, " %s%.*s", mark, SLICE_ARG(name));
}

/* Each reading: its metrics with blanks for TABs, its time, type and sensor; separated by " | ".
 * Then what the whole tells of itself. */
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
		append_name("type:", readings_type(&readings, i));
		append_name("sensor:", readings_sensor(&readings, i));
		from = end;
	}
	append_name("TYPE:", readings.type);
	append_name("SENSOR:", readings.sensor);
	append_name("SCHEMA:", readings.schema);
}

/* By a map of one rule, of these keys beside its topic. */
static const char *decode_as(enum format format, const char *keys, struct slice payload)
{
	struct slice copy = exact_copy(payload);
	struct buf text = {0}, error = {0};
	struct fault fault;
	struct payload p = {.bytes = copy,
	                    .type = {.format = format},
	                    .options = &options,
	                    .metric = SLICE("m"),
	                    .readings = &readings,
	                    .scratch = &scratch,
	                    .fault = &fault};
	struct map *map;

	buf_printf(&text, "{\"rules\":[{\"topic\":\"+/{metric}\",%s}]}", keys);
	map = map_read(buf_slice(&text), &error);
	if (!map)
		fail_msg("%s: %s", keys, buf_string(&error));
	buf_clear(&result);
	readings_clear(&readings);
	if (mapper_decode(mapper, map, &map->rules[0], &p) < 0)
		buf_printf(&result, "%s: %s", fault_name(fault.code), fault.detail);
	else
		append_readings();
	map_free(map);
	exact_free(copy);
	buf_free(&text);
	buf_free(&error);
	return buf_string(&result);
}

struct example {
	const char *payload, *result;
};

static void check(const char *keys, const struct example *examples, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_string_equal(decode_as(FORMAT_JSON, keys, slice_of(examples[i].payload)),
		                    examples[i].result);
}
#define CHECK(keys, examples) check(keys, examples, sizeof(examples) / sizeof((examples)[0]))

static void test_metrics(void **state)
{
	static const char keys[] =
	    "\"metrics\":[{\"name\":\"t\",\"pointer\":\"/a/b\",\"unit\":\"Cel\"},"
	    "{\"name\":\"on\",\"pointer\":\"/s\",\"words\":{\"ON\":true,\"OFF\":false,\"\":null,"
	    "\"b\\u0061d\":-1.50,\"q\":\"\\\"\"}},"
	    "{\"name\":\"i\",\"pointer\":[\"/v/0\",\"/v/x\",\"/w\"]}]";
	static const struct example examples[] = {
	    {"{\"a\":{\"b\":21.50}}", "t=21.50;1;Cel"},
	    {"{\"z\":[1,{\"a\":{}}],\"a\":{\"c\":1,\"b\":2},\"y\":null}", "t=2;1;Cel"},
	    {"{\"s\":\"ON\"}", "on=true"},
	    {"{\"s\":\"\\u004fFF\"}", "on=false"},
	    {"{\"s\":\"bad\"}", "on=-1.50"},
	    {"{\"s\":\"q\"}", "on=\"\\\\\"\""},
	    {"{\"s\":\"\"}", "no-metrics: reading 1 has no metric with a value"},
	    {"{\"s\":7}", "on=7"},
	    {"{\"s\":true}", "on=true"},
	    {"{\"s\":\"on\"}", "unknown-word: '/s' is 'on', which is none of its words"},
	    {"{\"v\":[5,6]}", "i=5"},
	    {"{\"v\":{\"x\":6}}", "i=6"},
	    {"{\"v\":{\"0\":7}}", "i=7"},
	    {"{\"w\":\"x\",\"v\":null}", "i=\"x\""},
	    {"{\"w\":1,\"v\":[2]}", "duplicate-name: there are values at both '/v/0' and '/w'"},
	    {"{\"w\":1,\"v\":[null]}", "i=1"},
	    {"{\"w\":{}}", "unsupported-shape: '/w' is an object, not one value"},
	    {"{\"w\":[1]}", "unsupported-shape: '/w' is an array, not one value"},
	    {"{\"w\":1e999}", "number-range: 'i' is beyond the range of a double"},
	    {"{\"w\":\"\\u0000\"}", "nul: 'i' is a string with a NUL in it"},
	    {"{}", "no-metrics: reading 1 has no metric with a value"},
	    {"[1]", "no-metrics: reading 1 has no metric with a value"},
	    {"1", "no-metrics: reading 1 has no metric with a value"},
	};

	(void)state;
	CHECK(keys, examples);
}

static void test_names_in_objects(void **state)
{
	static const char keys[] = "\"metrics\":[{\"name\":\"a\",\"pointer\":\"/a\"}]";
	static const struct example examples[] = {
	    {"{\"a\":1,\"a\":2}", "duplicate-name: offset 7: 'a' is there twice"},
	    {"{\"a\":1,\"\\u0061\":2}", "duplicate-name: offset 7: 'a' is there twice"},
	    {"{\"a\":1,\"b\":{\"c\":1,\"c\":2}}", "duplicate-name: offset 18: 'c' is there twice"},
	    {"{\"a\":1,\"b\":[{\"c\":1},{\"c\":2}],\"c\":{\"a\":1}}", "a=1"},
	    {"{\"a\":1,\"\":2}", "a=1"},
	    {"{\"a\":1,\"b\\u0000\":2}", "nul: offset 7: a name with a NUL in it"},
	    {"{\"a\":1,\"b\":{\"b\":{\"b\":{\"b\":{\"b\":{\"b\":{\"b\":0}}}}}}}", "a=1"},
	    {"{\"a\":1,\"b\":[[[[[[[[]]]]]]]]}", "too-deep: offset 18: nested over 8 deep"},
	    {"{\"a\":1,\"b\":[[[[[[[[[]]]]]]]]]}", "too-deep: offset 18: nested over 8 deep"},
	    {"{\"a\":1,\"a\":2", "bad-json: offset 12: object without an end"},
	    {"{\"a\":1,\"b\":[1}", "bad-json: offset 13: a ',' or ']' is missing"},
	    {"{\"a\":1} x", "bad-json: offset 8: something follows the value"},
	    {"", "bad-json: offset 0: the text ends where a value should be"},
	};
	struct buf many = {0};

	(void)state;
	CHECK(keys, examples);
	for (int i = 0; i <= NAME_SET_MAX; i++)
		buf_printf(&many, "%s\"n%d\":1", i ? "," : "{", i);
	buf_putc(&many, '}');
	assert_string_equal(decode_as(FORMAT_JSON, keys, buf_slice(&many)),
	                    "too-many-metrics: more than 2048 names");
	buf_free(&many);
}

static void test_identity(void **state)
{
	static const char keys[] = "\"type\":\"=T\",\"sensor\":\"/id\",\"schema\":\"/v\","
				   "\"metrics\":[{\"name\":\"a\",\"pointer\":\"/a\"}]";
	static const struct example examples[] = {
	    {"{\"id\":\"x\",\"a\":1}", "a=1 TYPE:T SENSOR:x"},
	    {"{\"id\":\"\\u00e9\\\"\",\"a\":1,\"v\":2}", "a=1 TYPE:T SENSOR:\xc3\xa9\" SCHEMA:2"},
	    {"{\"a\":1,\"v\":\"3\",\"id\":17}", "a=1 TYPE:T SENSOR:17 SCHEMA:3"},
	    {"{\"id\":null,\"a\":1}", "a=1 TYPE:T"},
	    {"{\"id\":\"\",\"a\":1}", "a=1 TYPE:T"},
	    {"{\"id\":true,\"a\":1}",
	     "unsupported-shape: '/id' is a truth value, not a string or a number"},
	    {"{\"id\":{},\"a\":1}",
	     "unsupported-shape: '/id' is an object, not a string or a number"},
	    {"{\"id\":\"a\\u0000\",\"a\":1}", "nul: '/id' is a string with a NUL in it"},
	};

	(void)state;
	CHECK(keys, examples);
}

static void test_time(void **state)
{
	static const char plain[] = "\"time\":{\"pointer\":\"/t\"},\"members\":\"\"";
	static const struct example without[] = {
	    {"{\"t\":\"1970-01-01T01:00:02+01:00\",\"a\":1}", "a=1 @2000000"},
	    {"{\"t\":null,\"a\":1}", "a=1"},
	    {"{\"a\":1}", "a=1"},
	    {"{\"t\":2,\"a\":1}", "bad-time: '/t' is a number, and the rule has no unit for it"},
	    {"{\"t\":\"1970-01-01T00:00:02\",\"a\":1}",
	     "bad-time: '/t' has no offset from UTC: '1970-01-01T00:00:02'; the rule may give one"},
	    {"{\"t\":\"noon\",\"a\":1}",
	     "bad-time: '/t' is no time of the years 0001 to 9999: 'noon'"},
	    {"{\"t\":\"1970-01-01T00:00:02\\u0000\",\"a\":1}",
	     "bad-time: '/t' is no time of the years 0001 to 9999: '1970-01-01T00:00:02\\u0000'"},
	    {"{\"t\":[2],\"a\":1}", "bad-time: '/t' is no time of the years 0001 to 9999: '[2]'"},
	};
	static const char all[] =
	    "\"time\":{\"pointer\":\"/t/s\",\"unit\":\"ms\",\"nanos\":\"/t/n\","
	    "\"offset\":\"+02:00\",\"required\":true},\"members\":\"/v\"";
	static const struct example with[] = {
	    {"{\"t\":{\"s\":2000},\"v\":{\"a\":1}}", "a=1 @2000000"},
	    {"{\"v\":{\"a\":1},\"t\":{\"n\":999999999,\"s\":2000}}", "a=1 @2999999"},
	    {"{\"v\":{\"a\":1},\"t\":{\"n\":0,\"s\":-1}}", "a=1 @-1000"},
	    {"{\"v\":{\"a\":1},\"t\":{\"s\":\"1970-01-01T02:00:02.5\"}}", "a=1 @2500000"},
	    {"{\"v\":{\"a\":1},\"t\":{\"s\":\"1970-01-01T02:00:02Z\"}}", "a=1 @7202000000"},
	    {"{\"v\":{\"a\":1}}", "missing-value: no time: there is no value at '/t/s'"},
	    {"{\"v\":{\"a\":1},\"t\":{\"n\":1000000000,\"s\":2000}}",
	     "bad-time: '/t/n' is no time of the years 0001 to 9999: '1000000000'"},
	    {"{\"v\":{\"a\":1},\"t\":{\"n\":-1,\"s\":2000}}",
	     "bad-time: '/t/n' is no time of the years 0001 to 9999: '-1'"},
	    {"{\"v\":{\"a\":1},\"t\":{\"n\":1e3,\"s\":2000}}",
	     "bad-time: '/t/n' is no time of the years 0001 to 9999: '1e3'"},
	    {"{\"v\":{\"a\":1},\"t\":{\"n\":\"1\",\"s\":2000}}",
	     "bad-time: '/t/n' is no time of the years 0001 to 9999: '1'"},
	};

	(void)state;
	CHECK(plain, without);
	CHECK(all, with);
}

static void test_quality(void **state)
{
	static const char keys[] =
	    "\"quality\":{\"pointer\":\"/q\",\"words\":{\"GOOD\":1,\"BAD\":4}},"
	    "\"metrics\":[{\"name\":\"a\",\"pointer\":\"/a\",\"unit\":\"V\"},"
	    "{\"name\":\"b\",\"pointer\":\"/b\"}]";
	static const struct example examples[] = {
	    {"{\"a\":1,\"b\":2,\"q\":\"BAD\"}", "a=1;4;V b=2;4"},
	    {"{\"a\":1,\"b\":2,\"q\":\"GOOD\"}", "a=1;1;V b=2"},
	    {"{\"b\":2,\"q\":3}", "b=2;3"},
	    {"{\"b\":2}", "b=2"},
	    {"{\"b\":2,\"q\":\"UGLY\"}",
	     "unknown-word: '/q' is 'UGLY', which is none of its words"},
	    {"{\"b\":2,\"q\":5}", "unknown-word: '/q' is no quality flag: 1, 2, 3, 4 or 9"},
	    {"{\"b\":2,\"q\":[]}", "unknown-word: '/q' is no quality flag: 1, 2, 3, 4 or 9"},
	};

	(void)state;
	CHECK(keys, examples);
}

static void test_members(void **state)
{
	static const char keys[] = "\"sensor\":\"/p/id\",\"time\":{\"pointer\":\"/p/o/"
				   "t\",\"unit\":\"s\"},\"members\":\"/p\","
				   "\"metrics\":[{\"name\":\"n\",\"pointer\":\"/p/long~1name\"},"
				   "{\"name\":\"r\",\"pointer\":\"/r\"}]";
	static const struct example examples[] = {
	    {"{\"p\":{\"id\":\"x\",\"a\":1,\"o\":{\"t\":2,\"b\":3},\"long/"
	     "name\":4,\"ts\":5},\"z\":6}",
	     "n=4 a=1 o.b=3 ts=5 @2000000 SENSOR:x"},
	    {"{\"r\":1}", "r=1"},
	    {"{\"p\":null,\"r\":1}", "r=1"},
	    {"{\"p\":{\"n\":1,\"long/name\":4}}", "duplicate-name: 'n' is there twice"},
	    {"{\"p\":{\"a=b\":1}}", "bad-name: the metric name 'a=b' has a '=' in it"},
	    {"{\"p\":{\"a\":[1]}}",
	     "unsupported-shape: 'a' is an array; '--arrays index' takes it"},
	    {"{\"p\":[1]}", "unsupported-shape: '/p' is an array, not an object"},
	    {"{\"p\":1}", "unsupported-shape: '/p' is a number, not an object"},
	};

	(void)state;
	CHECK(keys, examples);
}

static void test_elements(void **state)
{
	static const char keys[] =
	    "\"type\":\"/type\",\"sensor\":\"/gw\",\"time\":{\"pointer\":\"/t\",\"unit\":\"s\"},"
	    "\"each\":{\"array\":\"/d/list\",\"sensor\":\"/id\",\"type\":\"/k\","
	    "\"time\":{\"pointer\":\"/t\",\"unit\":\"s\"},"
	    "\"quality\":{\"pointer\":\"/q\"},\"metrics\":[{\"name\":\"v\",\"pointer\":\"/v/x\"}]}";
	static const struct example examples[] = {
	    {"{\"d\":{\"list\":[{\"id\":\"a\",\"v\":{\"x\":1},\"t\":5},{\"q\":3,\"v\":{\"x\":2},"
	     "\"k\":\"K\",\"id\":\"b\"}]},\"t\":9,\"gw\":\"g\",\"type\":\"T\"}",
	     "v=1 @5000000 sensor:a | v=2;3 @9000000 type:K sensor:b TYPE:T SENSOR:g"},
	    /* a time of the whole is not that of two readings of one sensor */
	    {"{\"t\":9,\"d\":{\"list\":[{\"v\":{\"x\":1}},{\"v\":{\"x\":2}}]}}", "v=1 | v=2"},
	    {"{\"d\":{\"list\":[{\"v\":{\"x\":1}},{\"v\":{}}]}}",
	     "no-metrics: reading 2 has no metric with a value"},
	    {"{\"d\":{\"list\":[{\"v\":{\"x\":1},\"v\":{}}]}}",
	     "duplicate-name: offset 27: 'v' is there twice"},
	    {"{\"d\":{\"list\":[]}}", "no-metrics: there is no value at the rule's pointers"},
	    {"{\"d\":{\"list\":{\"v\":{\"x\":1}}}}",
	     "no-metrics: there is no value at the rule's pointers"},
	    {"{\"d\":{\"list\":[7]}}", "no-metrics: reading 1 has no metric with a value"},
	    {"{\"d\":{\"list\":[{\"v\":{\"x\":1}},]}}", "bad-json: offset 28: not a JSON value"},
	};
	static const char top[] = "\"each\":{\"array\":\"\",\"members\":\"\"}";
	static const struct example arrays[] = {
	    {"[{\"a\":1},{\"a\":2}]", "a=1 | a=2"},
	};

	(void)state;
	CHECK(keys, examples);
	CHECK(top, arrays);
}

static void test_empty(void **state)
{
	static const char one[] = "\"may-be-empty\":true,\"members\":\"/a\"";
	static const struct example ones[] = {
	    {"{\"b\":1}", "no-data: there is no value at the rule's pointers"},
	    {"{\"a\":{\"b\":1}}", "b=1"},
	    {"{\"b\":1", "bad-json: offset 6: object without an end"},
	};
	static const char many[] =
	    "\"may-be-empty\":true,\"each\":{\"array\":\"\",\"members\":\"\",\"sensor\":\"/s\"}";
	static const struct example lists[] = {
	    {"[{\"s\":\"x\"},{\"s\":\"y\",\"b\":1},{}]", "b=1 sensor:y"},
	    {"[{}]", "no-data: there is no value at the rule's pointers"},
	};

	(void)state;
	CHECK(one, ones);
	CHECK(many, lists);
}

static void test_text(void **state)
{
	static const char keys[] =
	    "\"metrics\":[{\"pointer\":\"\",\"words\":{\"ON\":true,\"nan\":null,"
	    "\"two \\\"words\\\"\":2}}]";
	static const char any[] = "\"metrics\":[{\"pointer\":\"\"}]";

	(void)state;
	assert_string_equal(decode_as(FORMAT_TEXT, keys, SLICE("21.5\n")), "m=21.5");
	assert_string_equal(decode_as(FORMAT_TEXT, keys, SLICE("ON")), "m=true");
	assert_string_equal(decode_as(FORMAT_TEXT, keys, SLICE("two \"words\"")), "m=2");
	assert_memory_equal(decode_as(FORMAT_TEXT, keys, SLICE("nan")), "no-metrics: ", 12);
	assert_string_equal(decode_as(FORMAT_TEXT, keys, SLICE("inf")),
	                    "unknown-word: '' is 'inf', which is none of its words");
	assert_string_equal(decode_as(FORMAT_TEXT, any, SLICE("nan")),
	                    "number-range: 'nan' is not a finite number");
	assert_string_equal(decode_as(FORMAT_TEXT, any, SLICE("a \"b\"")), "m=\"a \\\\\"b\\\\\"\"");
	assert_string_equal(decode_as(FORMAT_JSON, any, SLICE("\"nan\"")), "m=\"nan\"");
	assert_string_equal(decode_as(FORMAT_TEXT, any, SLICE("\xff")),
	                    "bad-text: the text is not UTF-8");
	assert_string_equal(decode_as(FORMAT_TEXT, "\"members\":\"/a\"", SLICE("1")),
	                    "no-metrics: reading 1 has no metric with a value");
}

static int make_mapper(void **state)
{
	(void)state;
	mapper = mapper_new();
	return 0;
}

static int free_all(void **state)
{
	(void)state;
	mapper_free(mapper);
	readings_free(&readings);
	buf_free(&scratch);
	buf_free(&result);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_metrics),  cmocka_unit_test(test_names_in_objects),
	    cmocka_unit_test(test_identity), cmocka_unit_test(test_time),
	    cmocka_unit_test(test_quality),  cmocka_unit_test(test_members),
	    cmocka_unit_test(test_elements), cmocka_unit_test(test_empty),
	    cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, make_mapper, free_all);
}
