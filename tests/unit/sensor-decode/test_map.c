#include "../unit.h"

#include "../../../cmd/sensor-decode/map/map.h"
#include "../../../cmd/sensor-decode/map/map_pointer.h"

static struct buf error;

/* NULL, or what is wrong with a map. */
static const char *read_map(struct slice text)
{
	struct slice copy = exact_copy(text);
	struct map *map;

	buf_clear(&error);
	map = map_read(copy, &error);
	exact_free(copy);
	map_free(map);
	return map ? NULL : buf_string(&error);
}

/* The same with a map of one rule, of these keys beside its topic. */
static const char *read_rule(const char *keys)
{
	static struct buf text;
	const char *fault;

	buf_clear(&text);
	buf_printf(&text, "{\"rules\":[{\"topic\":\"t/{sensor}\"%s}]}", keys);
	fault = read_map(buf_slice(&text));
	buf_free(&text);
	return fault;
}

static void test_taken(void **state)
{
	static const char *const rules[] = {
	    ",\"metrics\":[{\"name\":\"a\",\"pointer\":\"/a\"}]",
	    ",\"metrics\":[{\"name\":\"a\",\"pointer\":\"\"}]",
	    ",\"members\":\"\"",
	    ",\"members\":\"/a/b\",\"metrics\":[]",
	    ",\"description\":\"any\",\"content-type\":\"text/plain\",\"members\":\"\"",
	    ",\"type\":\"=t\",\"sensor\":\"/s\",\"schema\":\"/v\",\"members\":\"/a\"",
	    ",\"time\":{\"pointer\":\"/t\",\"unit\":\"ns\",\"offset\":\"-03:30\",\"nanos\":\"/n\","
	    "\"required\":true},\"members\":\"/a\"",
	    ",\"quality\":{\"pointer\":\"/q\",\"words\":{\"A\":1,\"B\":9}},\"members\":\"/a\"",
	    ",\"metrics\":[{\"name\":\"a\",\"pointer\":[\"/a\",\"/b\"],\"unit\":\"Cel\","
	    "\"required\":false,\"words\":{\"x\":1,\"y\":\"z\",\"\":true,\"w\":null}}]",
	    ",\"each\":{\"array\":\"\",\"members\":\"\"}",
	    ",\"time\":{\"pointer\":\"/t\"},\"each\":{\"array\":\"/a\",\"sensor\":\"/id\","
	    "\"metrics\":[{\"name\":\"a\",\"pointer\":\"/a\"}]}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (read_rule(rules[i]))
			fail_msg("%s: %s", rules[i], buf_string(&error));
}

static void test_refused_rules(void **state)
{
	static const struct {
		const char *keys, *fault;
	} cases[] = {
	    {"", "#/rules/0: neither 'metrics' nor 'members' takes a value"},
	    {",\"metrics\":[]", "#/rules/0: neither 'metrics' nor 'members' takes a value"},
	    {",\"metric\":[]", "#/rules/0: no key 'metric' is known here"},
	    {",\"topic\":\"a\"", "#/rules/0: the key 'topic' is given twice"},
	    {",\"type\":\"t\"",
	     "#/rules/0/type: 't' is no JSON pointer: it is neither empty nor starts with '/'"},
	    {",\"type\":\"=\"", "#/rules/0/type: the constant is empty"},
	    {",\"type\":1", "#/rules/0/type: must be a string"},
	    {",\"sensor\":\"/a~2\"",
	     "#/rules/0/sensor: '/a~2' is no JSON pointer: '~' stands only in ~0 and ~1"},
	    {",\"sensor\":\"/a~\"",
	     "#/rules/0/sensor: '/a~' is no JSON pointer: '~' stands only in ~0 and ~1"},
	    {",\"content-type\":\"json\"", "#/rules/0/content-type: it is not type/subtype"},
	    {",\"content-type\":\"application/protobuf\"",
	     "#/rules/0/content-type: must be JSON or plain text"},
	    {",\"time\":\"/t\"", "#/rules/0/time: must be an object"},
	    {",\"time\":{\"unit\":\"s\"}", "#/rules/0/time: 'pointer' is missing"},
	    {",\"time\":{\"unit\":\"m\"}", "#/rules/0/time/unit: must be s, ms, us or ns"},
	    {",\"time\":{\"offset\":\"CET\"}",
	     "#/rules/0/time/offset: must be an offset from UTC as RFC 3339 has it: Z, +01:00"},
	    {",\"time\":{\"offset\":\".5Z\"}",
	     "#/rules/0/time/offset: must be an offset from UTC as RFC 3339 has it: Z, +01:00"},
	    {",\"time\":{\"required\":1}", "#/rules/0/time/required: must be true or false"},
	    {",\"quality\":{\"words\":{\"A\":1}}", "#/rules/0/quality: 'pointer' is missing"},
	    {",\"quality\":{\"words\":{\"A\":5}}",
	     "#/rules/0/quality/words: 'A' must stand for 1, 2, 3, 4 or 9"},
	    {",\"quality\":{\"words\":{\"A\":\"1\"}}",
	     "#/rules/0/quality/words: 'A' must stand for 1, 2, 3, 4 or 9"},
	    {",\"metrics\":{}", "#/rules/0/metrics: must be an array"},
	    {",\"metrics\":[1]", "#/rules/0/metrics/0: must be an object"},
	    {",\"metrics\":[{\"name\":\"a\"}]", "#/rules/0/metrics/0: 'pointer' is missing"},
	    {",\"metrics\":[{\"pointer\":\"/a\"}]",
	     "#/rules/0: a metric has no name, and 'topic' has no {metric} for it"},
	    {",\"metrics\":[{\"name\":\"a=b\"}]",
	     "#/rules/0/metrics/0/name: the name has a '=' in it"},
	    {",\"metrics\":[{\"name\":\"a\",\"pointer\":[]}]",
	     "#/rules/0/metrics/0/pointer: there is no pointer in it"},
	    {",\"metrics\":[{\"name\":\"a\",\"pointer\":[\"/a\",1]}]",
	     "#/rules/0/metrics/0/pointer/1: must be a string"},
	    {",\"metrics\":[{\"name\":\"a\",\"pointer\":\"/a\"},{\"name\":\"a\",\"pointer\":\"/"
	     "b\"}]",
	     "#/rules/0/metrics/1: another metric has the same name"},
	    {",\"metrics\":[{\"unit\":\"\"}]",
	     "#/rules/0/metrics/0/unit: must have 1 to 63 bytes, and no control character"},
	    {",\"metrics\":[{\"words\":{}}]", "#/rules/0/metrics/0/words: there is no word in it"},
	    {",\"metrics\":[{\"words\":{\"a\":1,\"\\u0061\":2}}]",
	     "#/rules/0/metrics/0/words/a: this word is given twice"},
	    {",\"metrics\":[{\"words\":{\"a/b\":[]}}]",
	     "#/rules/0/metrics/0/words/a~1b: must be a number, a string, true, false or null"},
	    {",\"metrics\":[{\"words\":{\"a\":1e999}}]",
	     "#/rules/0/metrics/0/words/a: 'a' is beyond the range of a double"},
	    {",\"metrics\":[{\"words\":{\"a\\u0000\":1}}]",
	     "#/rules/0/metrics/0/words: a NUL in a string"},
	    {",\"each\":{\"members\":\"\"}", "#/rules/0/each: 'array' is missing"},
	    {",\"each\":{\"schema\":\"/a\"}", "#/rules/0/each: no key 'schema' is known here"},
	    {",\"each\":{\"array\":\"a\"}", "#/rules/0/each/array: 'a' is no JSON pointer: it is "
	                                    "neither empty nor starts with '/'"},
	    {",\"members\":\"\",\"each\":{\"array\":\"\",\"members\":\"\"}",
	     "#/rules/0: beside 'each' there are no 'metrics', 'members' or 'quality'"},
	    {",\"time\":{\"pointer\":\"/t\"},\"each\":{\"array\":\"/a\",\"members\":\"\"}",
	     "#/rules/0: 'time' beside 'each' holds only for elements that have a 'sensor' of "
	     "their "
	     "own"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *fault = read_rule(cases[i].keys);

		if (!fault)
			fail_msg("taken: %s", cases[i].keys);
		assert_string_equal(fault, cases[i].fault);
	}
}

static void test_refused_maps(void **state)
{
	static const struct {
		const char *text, *fault;
	} cases[] = {
	    {"", ":1:1: the text ends where a value should be"},
	    {"[]", "#: must be an object"},
	    {"{}", "#: there is no rule"},
	    {"{\"rules\":[]}", "#: there is no rule"},
	    {"{\"rules\":\n[\n  {\"topic\" 1}]}", ":3:12: a ':' is missing after a name"},
	    {"{\"rules\":[{}]}", "#/rules/0: 'topic' is missing"},
	    {"{\"rules\":[{\"topic\":\"a/#/b\"}]}", "#/rules/0/topic: '#' is not the last level"},
	    {"{\"description\":1}", "#/description: must be a string"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(read_map(slice_of(cases[i].text)), cases[i].fault);
}

static void test_limits(void **state)
{
	struct buf text = {0};

	(void)state;
	buf_append_string(&text, "{\"rules\":[");
	for (int i = 0; i <= MAP_RULES_MAX; i++)
		buf_printf(&text, "%s{\"topic\":\"t%d\",\"members\":\"\"}", i ? "," : "", i);
	buf_append_string(&text, "]}");
	assert_string_equal(read_map(buf_slice(&text)), "#/rules/64: more than 64 rules");

	buf_clear(&text);
	buf_append_string(&text, ",\"metrics\":[");
	for (int i = 0; i <= MAP_METRICS_MAX; i++)
		buf_printf(&text, "%s{\"name\":\"m%d\",\"pointer\":\"/m\"}", i ? "," : "", i);
	buf_append_string(&text, "]");
	assert_string_equal(read_rule(buf_string(&text)),
	                    "#/rules/0/metrics/256: more than 256 metrics");

	buf_clear(&text);
	buf_append_string(&text, ",\"metrics\":[");
	for (int i = 0; i < 65; i++) {
		buf_printf(&text, "%s{\"name\":\"m%d\",\"pointer\":[", i ? "," : "", i);
		for (int k = 0; k < 8; k++)
			buf_printf(&text, "%s\"/m%d/%d\"", k ? "," : "", i, k);
		buf_append_string(&text, "]}");
	}
	buf_append_string(&text, "]");
	assert_string_equal(read_rule(buf_string(&text)),
	                    "#/rules/0/metrics/64/pointer/0: '/m64/0' is one pointer too many");

	assert_string_equal(
	    read_rule(
		",\"metrics\":[{\"pointer\":[\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"]}]"),
	    "#/rules/0/metrics/0/pointer/8: more than 8 pointers");
	buf_free(&text);
}

/* The examples of RFC 6901 section 5, as the steps they are. */
static void test_pointers(void **state)
{
	static const struct {
		const char *pointer, *first, *second;
	} cases[] = {
	    {"/foo", "foo", NULL},  {"/foo/0", "foo", "0"}, {"/", "", NULL},
	    {"/a~1b", "a/b", NULL}, {"/c%d", "c%d", NULL},  {"/ ", " ", NULL},
	    {"/m~0n", "m~n", NULL}, {"/~01", "~1", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct map map = {0};
		const char *fault;
		uint32_t root, last, step;

		buf_reserve(&map.texts, 64);
		root = map_pointer_root(&map);
		last = map_pointer_add(&map, root, slice_of(cases[i].pointer), &fault);
		step = map_pointer_member(&map, root, slice_of(cases[i].first));
		assert_int_not_equal(step, 0);
		if (cases[i].second)
			step = map_pointer_member(&map, step, slice_of(cases[i].second));
		assert_int_equal(step, last);
		assert_int_equal(map_pointer_member(&map, root, SLICE("other")), 0);
		buf_free(&map.nodes);
		buf_free(&map.texts);
	}
}

static void test_positions(void **state)
{
	static const char *const pointers[] = {"/0",  "/1",  "/01",        "/10",
	                                       "/-1", "/1x", "/4294967297"};
	struct map map = {0};
	const char *fault;
	uint32_t root;

	(void)state;
	root = map_pointer_root(&map);
	for (size_t i = 0; i < sizeof(pointers) / sizeof(pointers[0]); i++)
		assert_int_not_equal(map_pointer_add(&map, root, slice_of(pointers[i]), &fault), 0);
	assert_int_equal(map_pointer_item(&map, root, 0),
	                 map_pointer_member(&map, root, SLICE("0")));
	assert_int_equal(map_pointer_item(&map, root, 1),
	                 map_pointer_member(&map, root, SLICE("1")));
	assert_int_equal(map_pointer_item(&map, root, 10),
	                 map_pointer_member(&map, root, SLICE("10")));
	assert_int_equal(map_pointer_item(&map, root, 2), 0);
	assert_int_equal(map_pointer_item(&map, root, 4294967297U), 0);
	buf_free(&map.nodes);
	buf_free(&map.texts);
}

static int free_all(void **state)
{
	(void)state;
	buf_free(&error);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_taken),        cmocka_unit_test(test_refused_rules),
	    cmocka_unit_test(test_refused_maps), cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_pointers),     cmocka_unit_test(test_positions),
	};

	return cmocka_run_group_tests(tests, NULL, free_all);
}
