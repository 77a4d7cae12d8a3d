/* What a schema may not hold, and where the fault is said to be. */
#include "../unit.h"

#include "../../../cmd/sensor-validate/compile.h"

/* The faults of a schema, one a line; "" when there are none. The buffer is the caller's. */
static const char *faults_of(struct slice text, struct buf *lines)
{
	struct faults faults = {.file = "f"};
	struct slice copy = exact_copy(text);
	struct schema *s = schema_compile(copy, SCHEMA_OF_READINGS, &faults);

	assert_true(faults.count == 0 ? s != NULL : s == NULL);
	schema_free(s);
	exact_free(copy);
	buf_clear(lines);
	buf_append_slice(lines, buf_slice(&faults.lines));
	faults_free(&faults);
	return buf_string(lines);
}

static void faults(void **state)
{
	static const struct {
		const char *schema, *fault;
	} cases[] = {
	    {"{", "f:1:2: a name in quotes is missing\n"},
	    {"{\"title\":\n\t01}", "f:2:3: a ',' or '}' is missing\n"},
	    {"\xef\xbb\xbf{}", "f:1:1: not a JSON value\n"},
	    {"{} x", "f:1:4: something follows the value\n"},
	    {"{\"minProperties\":1e999}", "f:1:18: a number beyond the range of a double\n"},
	    {"{\"minProperties\":9007199254740993}",
	     "f#/minProperties: must be an integer from 0 to 2^53\n"},
	    {"{\"minProperties\":1.0000000000000000000000001}",
	     "f#/minProperties: must be an integer from 0 to 2^53\n"},
	    {"[]", "f#: must be a schema: an object, true or false\n"},
	    {"{\"title\":\"a\",\"title\":\"a\"}",
	     "f:1:22: a name is given twice: this is its second value\n"},
	    {"{\"properties\":{\"a\":{},\"a\":{}}}",
	     "f:1:27: a name is given twice: this is its second value\n"},
	    {"{\"default\":[{\"a\":1,\"a\":1}]}",
	     "f:1:24: a name is given twice: this is its second value\n"},
	    {"{\"maxItems\":1}", "f#/maxItems: unknown keyword\n"},
	    {"{\"Title\":\"\"}", "f#/Title: unknown keyword\n"},
	    {"{\"x-unknown\":1}", "f#/x-unknown: unknown keyword\n"},
	    {"{\"\":1}", "f#/: unknown keyword\n"},
	    {"{\"a/b~c\":1}", "f#/a~1b~0c: unknown keyword\n"},
	    {"{\"a\\nb\":1}", "f#/a\\nb: unknown keyword\n"},
	    {"{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}",
	     "f#/$schema: must be \"https://json-schema.org/draft/2020-12/schema\"\n"},
	    {"{\"type\":\"number\"}", "f#/type: must be \"object\", which is what a reading is\n"},
	    {"{\"type\":7}", "f#/type: must be a type's name, or an array of such\n"},
	    {"{\"type\":[]}", "f#/type: must name at least one type\n"},
	    {"{\"type\":[\"object\",\"object\"]}", "f#/type: names a type twice\n"},
	    {"{\"type\":[\"object\",\"float\"]}", "f#/type: names an unknown type\n"},
	    {"{\"properties\":[]}", "f#/properties: must be an object\n"},
	    {"{\"properties\":{\"a\":1}}",
	     "f#/properties/a: must be a schema: an object, true or false\n"},
	    {"{\"properties\":{\"a=b\":{}}}", NULL},
	    {"{\"properties\":{\"\":{}}}", NULL},
	    {"{\"required\":\"a\"}", "f#/required: must be an array\n"},
	    {"{\"required\":[\"a\",1]}", "f#/required/1: must be a string\n"},
	    {"{\"required\":[\"a\",\"b\",\"a\"]}", "f#/required/2: this name is given twice\n"},
	    {"{\"dependentRequired\":[]}", "f#/dependentRequired: must be an object\n"},
	    {"{\"dependentRequired\":{\"a\":\"b\"}}", "f#/dependentRequired/a: must be an array\n"},
	    {"{\"dependentRequired\":{\"a\":[\"b\",null]}}",
	     "f#/dependentRequired/a/1: must be a string\n"},
	    {"{\"minProperties\":-1}", "f#/minProperties: must be an integer from 0 to 2^53\n"},
	    {"{\"maxProperties\":1.5}", "f#/maxProperties: must be an integer from 0 to 2^53\n"},
	    {"{\"maxProperties\":1e300}", "f#/maxProperties: must be an integer from 0 to 2^53\n"},
	    {"{\"x-max-age\":\"1d\"}",
	     "f#/x-max-age: must be a number of seconds from 0 to 1e10\n"},
	    {"{\"x-max-future\":-1}",
	     "f#/x-max-future: must be a number of seconds from 0 to 1e10\n"},
	    {"{\"maximum\":1}", "f#/maximum: has no effect on a reading as a whole: it belongs "
	                        "below properties\n"},
	    {"{\"title\":1}", "f#/title: must be a string\n"},
	    {"{\"examples\":1}", "f#/examples: must be an array\n"},
	    {"{\"additionalProperties\":null}",
	     "f#/additionalProperties: must be a schema: an object, true or false\n"},
	};
	struct buf lines = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *got = faults_of(slice_of(cases[i].schema), &lines);

		if (cases[i].fault ? strcmp(got, cases[i].fault) != 0 : !*got)
			fail_msg("%s: %s", cases[i].schema, got);
	}
	buf_free(&lines);
}

static void faults_of_a_value(void **state)
{
	static const struct {
		const char *keywords, *fault;
	} cases[] = {
	    {"\"type\":\"object\",\"properties\":{}", "dotted names"},
	    {"\"type\":\"array\"", "dotted names"},
	    {"\"required\":[]", "f#/properties/v/required: has no effect on a value"},
	    {"\"x-max-age\":1", "f#/properties/v/x-max-age: has no effect on a value"},
	    {"\"format\":1", "f#/properties/v/format: must be a string\n"},
	    {"\"readOnly\":\"no\"", "f#/properties/v/readOnly: must be true or false\n"},
	    {"\"items\":true", "f#/properties/v/items: unknown keyword\n"},
	    {"\"$ref\":\"#\"", "f#/properties/v/$ref: unknown keyword\n"},
	    {"\"const\":{}",
	     "f#/properties/v/const: no value of a reading is an object or array\n"},
	    {"\"enum\":1", "f#/properties/v/enum: must be an array\n"},
	    {"\"enum\":[1,[]]",
	     "f#/properties/v/enum/1: no value of a reading is an object or array\n"},
	    {"\"minimum\":\"1\"", "f#/properties/v/minimum: must be a number\n"},
	    {"\"maximum\":null", "f#/properties/v/maximum: must be a number\n"},
	    {"\"exclusiveMinimum\":true", "f#/properties/v/exclusiveMinimum: must be a number\n"},
	    {"\"exclusiveMaximum\":[]", "f#/properties/v/exclusiveMaximum: must be a number\n"},
	    {"\"multipleOf\":0",
	     "f#/properties/v/multipleOf: must be over 0 in the range of a double"},
	    {"\"multipleOf\":-2",
	     "f#/properties/v/multipleOf: must be over 0 in the range of a double"},
	    {"\"multipleOf\":1e-400", "f#/properties/v/multipleOf: must be over 0"},
	    {"\"multipleOf\":1.23456789012345678", "and of at most 17 digits\n"},
	    {"\"minLength\":0.5", "f#/properties/v/minLength: must be an integer from 0 to 2^53\n"},
	    {"\"maxLength\":\"9\"",
	     "f#/properties/v/maxLength: must be an integer from 0 to 2^53\n"},
	    {"\"pattern\":1", "f#/properties/v/pattern: must be a string\n"},
	    {"\"pattern\":\"(\"", "f#/properties/v/pattern: broken pattern: "},
	    {"\"x-unit\":1", "f#/properties/v/x-unit: must be a string\n"},
	    {"\"x-unit\":\"\"", "f#/properties/v/x-unit: must have 1 to 63 bytes"},
	};
	struct buf lines = {0}, schema = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *got;

		buf_clear(&schema);
		buf_printf(&schema, "{\"properties\":{\"v\":{%s}}}", cases[i].keywords);
		got = faults_of(buf_slice(&schema), &lines);
		if (!strstr(got, cases[i].fault))
			fail_msg("%s: %s", cases[i].keywords, got);
	}
	buf_free(&lines);
	buf_free(&schema);
}

static void all_faults_are_told(void **state)
{
	struct buf lines = {0};

	(void)state;
	assert_string_equal(faults_of(SLICE("{\"nope\":1,\"properties\":{\"a\":{\"minimum\":\"x\"},"
	                                    "\"b\":{\"pattern\":2}},\"required\":7}"),
	                              &lines),
	                    "f#/nope: unknown keyword\n"
	                    "f#/properties/a/minimum: must be a number\n"
	                    "f#/properties/b/pattern: must be a string\n"
	                    "f#/required: must be an array\n");
	buf_free(&lines);
}

/* A schema of one property, v. */
#define V(keywords) "{\"properties\":{\"v\":" keywords "}}"

static void faults_of_stream_checks(void **state)
{
	static const char *const cases[][2] = {
	    {V("{\"x-gross-range\":{\"fail\":[0,1],\"suspect\":[0,0]}}"), ""},
	    {V("{\"x-gross-range\":[0,1]}"), "f#/properties/v/x-gross-range: must be an object\n"},
	    {V("{\"x-gross-range\":{}}"),
	     "f#/properties/v/x-gross-range: needs suspect, fail or both\n"},
	    {V("{\"x-gross-range\":{\"fail\":[1,0]}}"),
	     "f#/properties/v/x-gross-range/fail: its first number is over its second\n"},
	    {V("{\"x-gross-range\":{\"fail\":[1]}}"),
	     "f#/properties/v/x-gross-range/fail: must be an array of two numbers\n"},
	    {V("{\"x-gross-range\":{\"fail\":[1,\"2\"]}}"),
	     "f#/properties/v/x-gross-range/fail: must be an array of two numbers\n"},
	    {V("{\"x-gross-range\":{\"fail\":[]}}"),
	     "f#/properties/v/x-gross-range/fail: must be an array of two numbers\n"},
	    {V("{\"x-spike\":{\"fail\":-1}}"),
	     "f#/properties/v/x-spike/fail: must be a number from 0\n"},
	    {V("{\"x-spike\":{\"fail\":1,\"n\":2}}"),
	     "f#/properties/v/x-spike/n: unknown member\n"},
	    {V("{\"x-rate-of-change\":{\"suspect\":\"1\"}}"),
	     "f#/properties/v/x-rate-of-change/suspect: must be a number from 0\n"},
	    {V("{\"x-rate-of-change\":{\"tolerance\":1,\"fail\":1}}"),
	     "f#/properties/v/x-rate-of-change/tolerance: unknown member\n"},
	    {V("{\"x-flat-line\":{\"tolerance\":1}}"),
	     "f#/properties/v/x-flat-line: needs suspect, fail or both\n"},
	    {V("{\"x-flat-line\":{\"suspect\":\"30m\"}}"),
	     "f#/properties/v/x-flat-line/suspect: must be a number of seconds from 0 to 1e10\n"},
	    {V("{\"x-time-gap\":1}"),
	     "f#/properties/v/x-time-gap: has no effect on a value: readings are flat, nested "
	     "metrics have dotted names (\"a.b\")\n"},
	    {"{\"x-spike\":{\"fail\":1}}",
	     "f#/x-spike: has no effect on a reading as a whole: it belongs below properties\n"},
	    {"{\"x-time-gap\":-1}", "f#/x-time-gap: must be a number of seconds from 0 to 1e10\n"},
	    {"{\"x-duplicates\":\"fail\"}",
	     "f#/x-duplicates: must be \"pass\", \"suspect\" or \"reject\"\n"},
	    {"{\"x-out-of-order\":true}",
	     "f#/x-out-of-order: must be \"pass\", \"suspect\" or \"reject\"\n"},
	    {"{\"x-max-age\":{\"suspect\":1,\"fail\":2},\"x-max-future\":{\"fail\":0.5}}", ""},
	    {"{\"x-max-age\":{\"fail\":1e11}}",
	     "f#/x-max-age/fail: must be a number of seconds from 0 to 1e10\n"},
	};
	struct buf lines = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(faults_of(slice_of(cases[i][0]), &lines), cases[i][1]);
	buf_free(&lines);
}

static void bounds(void **state)
{
	struct buf schema = {0}, lines = {0};

	(void)state;
	for (int members = SCHEMA_MEMBERS_MAX; members <= SCHEMA_MEMBERS_MAX + 1; members++) {
		buf_clear(&schema);
		buf_append_string(&schema, "{\"required\":[\"a0\"");
		for (int i = 1; i < members; i++)
			buf_printf(&schema, ",\"a%d\"", i);
		buf_append_string(&schema, "]}");
		assert_string_equal(
		    faults_of(buf_slice(&schema), &lines),
		    members > SCHEMA_MEMBERS_MAX ? "f:1:13: too many members in here\n" : "");
	}
	buf_clear(&schema);
	buf_append_string(&schema, "{\"default\":");
	for (int i = 0; i < SCHEMA_DEPTH_MAX; i++)
		buf_putc(&schema, '[');
	assert_non_null(strstr(faults_of(buf_slice(&schema), &lines), "nested too deeply"));
	buf_free(&schema);
	buf_free(&lines);
}

static void annotations(void **state)
{
	struct buf lines = {0};

	(void)state;
	assert_string_equal(
	    faults_of(SLICE("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\","
	                    "\"$id\":\"urn:x\",\"title\":\"t\",\"description\":\"d\","
	                    "\"$comment\":\"c\",\"default\":{\"a\":null},\"examples\":[{}],"
	                    "\"type\":[\"object\",\"null\"],\"properties\":{\"v\":{\"title\":\"\","
	                    "\"description\":\"\",\"$comment\":\"\",\"default\":1,"
	                    "\"examples\":[1],\"x-unit\":\"Cel\",\"format\":\"\","
	                    "\"deprecated\":true,\"readOnly\":true,\"writeOnly\":false,"
	                    "\"contentMediaType\":\"\",\"contentEncoding\":\"\"}}}"),
	              &lines),
	    "");
	buf_free(&lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(faults),
	    cmocka_unit_test(faults_of_a_value),
	    cmocka_unit_test(all_faults_are_told),
	    cmocka_unit_test(faults_of_stream_checks),
	    cmocka_unit_test(bounds),
	    cmocka_unit_test(annotations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
