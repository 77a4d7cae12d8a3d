/* What each keyword takes and refuses, by the code of the failure. */
#include "../unit.h"

#include "../../../cmd/sensor-validate/check.h"
#include "../../../cmd/sensor-validate/compile.h"

static struct reading reading;
static struct check check;

static struct schema *compile(const char *text)
{
	struct faults faults = {.file = "test"};
	struct schema *s = schema_compile(slice_of(text), SCHEMA_OF_READINGS, &faults);

	if (!s)
		fail_msg("%s: %s", text, buf_string(&faults.lines));
	faults_free(&faults);
	return s;
}

/* The code of the failure, or "" when the metrics (with '|' for TAB) hold. */
static const char *verdict(struct schema *s, const char *metrics)
{
	struct buf line = {0}, scratch = {0};
	struct record_error error = {0};
	const char *code = "";

	buf_printf(&line, "r1\t7\t2026-01-02T00:00:00Z\t2026-01-02T00:00:00Z\tt\ts\t1\t%s",
	           metrics);
	for (size_t i = 0; i < line.len; i++)
		if (line.ptr[i] == '|')
			line.ptr[i] = '\t';
	if (reading_parse(buf_slice(&line), &scratch, &reading, &error) < 0)
		fail_msg("%s: %s", metrics, error.what);
	if (!check_reading(&check, s, &reading))
		code = failure_name(check.failure.code);
	buf_free(&line);
	buf_free(&scratch);
	return code;
}

struct case_ {
	const char *schema; /* NULL: that of the case before */
	const char *metrics, *code;
};

static void run(const struct case_ *cases, size_t count)
{
	struct schema *s = NULL;

	for (size_t i = 0; i < count; i++) {
		const char *code;

		if (cases[i].schema) {
			schema_free(s);
			s = compile(cases[i].schema);
		}
		code = verdict(s, cases[i].metrics);
		if (strcmp(code, cases[i].code) != 0)
			fail_msg("case %zu: %s: got '%s' (%s), expected '%s'", i, cases[i].metrics,
			         code, buf_string(&check.failure.detail), cases[i].code);
	}
	schema_free(s);
}

#define RUN(cases) run(cases, sizeof(cases) / sizeof((cases)[0]))

/* A schema of one property, v. */
#define V(keywords) "{\"properties\":{\"v\":" keywords "}}"

static void type(void **state)
{
	static const struct case_ cases[] = {
	    {V("{\"type\":\"number\"}"), "v=1", ""},
	    {NULL, "v=1.5e3", ""},
	    {NULL, "v=true", "type"},
	    {NULL, "v=\"1\"", "type"},
	    {V("{\"type\":\"integer\"}"), "v=1", ""},
	    {NULL, "v=1.0", ""},
	    {NULL, "v=1e3", ""},
	    {NULL, "v=1.5", "type"},
	    {NULL, "v=1.0000000000000000000001", "type"},
	    {NULL, "v=false", "type"},
	    {V("{\"type\":\"string\"}"), "v=\"\"", ""},
	    {NULL, "v=0", "type"},
	    {V("{\"type\":\"boolean\"}"), "v=true", ""},
	    {NULL, "v=false", ""},
	    {NULL, "v=1", "type"},
	    {V("{\"type\":[\"integer\",\"string\",\"null\"]}"), "v=3", ""},
	    {NULL, "v=\"3\"", ""},
	    {NULL, "v=3.5", "type"},
	    {NULL, "v=true", "type"},
	    {V("{\"type\":[\"integer\",\"number\"]}"), "v=3.5", ""},
	};

	(void)state;
	RUN(cases);
}

static void const_and_enum(void **state)
{
	static const struct case_ cases[] = {
	    {V("{\"const\":1}"), "v=1", ""},
	    {NULL, "v=1.0", ""},
	    {NULL, "v=10e-1", ""},
	    {NULL, "v=true", "const"},
	    {NULL, "v=1.0000000000000000000001", "const"},
	    {V("{\"const\":9007199254740992}"), "v=9007199254740992.0", ""},
	    {NULL, "v=9007199254740993", "const"},
	    {V("{\"const\":-0.0}"), "v=0", ""},
	    {V("{\"const\":false}"), "v=false", ""},
	    {NULL, "v=0", "const"},
	    {NULL, "v=true", "const"},
	    {V("{\"const\":\"a\\/\\u00e9\\n\"}"), "v=\"a/\xc3\xa9\\\\n\"", ""},
	    {NULL, "v=\"\\\\u0061/\\\\u00E9\\\\n\"", ""},
	    {NULL, "v=\"a/\xc3\xa9\"", "const"},
	    {V("{\"const\":null}"), "v=0", "const"},
	    {V("{\"enum\":[\"ok\",2,true,null]}"), "v=\"ok\"", ""},
	    {NULL, "v=2.0", ""},
	    {NULL, "v=true", ""},
	    {NULL, "v=\"OK\"", "enum"},
	    {NULL, "v=\"2\"", "enum"},
	    {NULL, "v=1", "enum"},
	    {NULL, "v=false", "enum"},
	    {V("{\"enum\":[]}"), "v=1", "enum"},
	};

	(void)state;
	RUN(cases);
}

static void ranges(void **state)
{
	static const struct case_ cases[] = {
	    {V("{\"minimum\":1.1}"), "v=1.1", ""},
	    {NULL, "v=1.09999999999999999999", "minimum"},
	    {NULL, "v=-5", "minimum"},
	    {NULL, "v=\"x\"", ""}, /* says nothing about a string */
	    {NULL, "v=true", ""},
	    {V("{\"maximum\":300}"), "v=300.00", ""},
	    {NULL, "v=300.00000000000000000001", "maximum"},
	    {NULL, "v=299", ""},
	    {V("{\"exclusiveMinimum\":0}"), "v=0", "exclusive-minimum"},
	    {NULL, "v=-0.0", "exclusive-minimum"},
	    {NULL, "v=1e-400", ""}, /* as a double it is 0 */
	    {V("{\"exclusiveMaximum\":3}"), "v=3.0", "exclusive-maximum"},
	    {NULL, "v=2.99999999999999999999999", ""},
	    {V("{\"minimum\":-60,\"maximum\":85}"), "v=-60", ""},
	    {NULL, "v=85", ""},
	    {NULL, "v=-60.01", "minimum"},
	    {NULL, "v=85.01", "maximum"},
	    {V("{\"multipleOf\":0.0001}"), "v=0.0075", ""},
	    {NULL, "v=0.00751", "multiple-of"},
	    {V("{\"multipleOf\":0.01}"), "v=19.99", ""},
	    {NULL, "v=\"a\"", ""},
	    {NULL, "v=4.999", "multiple-of"},
	    {V("{\"type\":\"integer\",\"multipleOf\":0.123456789}"), "v=1e308", "multiple-of"},
	};

	(void)state;
	RUN(cases);
}

static void strings(void **state)
{
	static const struct case_ cases[] = {
	    {V("{\"minLength\":2}"), "v=\"\xc3\xa9\"", "min-length"}, /* 1 character, 2 bytes */
	    {NULL, "v=\"\\\\u00e9\"", "min-length"},
	    {NULL, "v=\"ab\"", ""},
	    {NULL, "v=7", ""},
	    {V("{\"maxLength\":2.0}"), "v=\"\xf0\x9f\x92\xa9\xf0\x9f\x92\xa9\"", ""},
	    {NULL, "v=\"\\\\ud83d\\\\udca9\\\\ud83d\\\\udca9\"", ""},
	    {NULL, "v=\"\\\\\"\\\\\"\"", ""},
	    {NULL, "v=\"abc\"", "max-length"},
	    {NULL, "v=true", ""},
	    {V("{\"maxLength\":0}"), "v=\"\"", ""},
	    {NULL, "v=\"a\"", "max-length"},
	    {V("{\"pattern\":\"^a+$\"}"), "v=\"aaa\"", ""},
	    {NULL, "v=\"\\\\u0061a\"", ""},
	    {NULL, "v=\"ab\"", "pattern"},
	    {NULL, "v=12", ""},
	    {V("{\"pattern\":\"b\"}"), "v=\"abc\"", ""}, /* not anchored */
	    {V("{\"pattern\":\"^(a+)+[bc]$\"}"), "v=\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
	     "pattern-limit"},
	};

	(void)state;
	RUN(cases);
}

static void names(void **state)
{
	static const struct case_ cases[] = {
	    {"{\"required\":[\"a\",\"b\"]}", "a=1|b=2", ""},
	    {NULL, "b=1|a=2|c=3", ""},
	    {NULL, "a=1|c=2", "required"},
	    {NULL, "A=1|b=1", "required"}, /* names are case-sensitive */
	    {NULL, "b=1", "required"},
	    {"{\"required\":[]}", "x=1", ""},
	    {"{\"dependentRequired\":{\"a\":[\"b\",\"c\"],\"d\":[]}}", "x=1", ""},
	    {NULL, "a=1|b=1|c=1", ""},
	    {NULL, "a=1|b=1", "dependent-required"},
	    {NULL, "b=1", ""},
	    {NULL, "d=1", ""},
	    {"{\"minProperties\":2}", "a=1", "min-properties"},
	    {NULL, "a=1|b=1", ""},
	    {"{\"maxProperties\":2.0}", "a=1|b=1", ""},
	    {NULL, "a=1|b=1|c=1", "max-properties"},
	    {"{\"maxProperties\":0}", "a=1", "max-properties"},
	    {"{\"properties\":{\"a\":{}},\"additionalProperties\":false}", "a=1", ""},
	    {NULL, "a=1|b=1", "additional-properties"},
	    {NULL, "b=1", "additional-properties"},
	    {"{\"required\":[\"a\"],\"additionalProperties\":false}", "a=1",
	     "additional-properties"}, /* required does not declare */
	    {"{\"properties\":{\"a\":{}},\"additionalProperties\":{\"type\":\"boolean\"}}",
	     "a=1|b=true", ""},
	    {NULL, "a=1|b=1", "type"},
	    {"{\"properties\":{\"a\":true,\"b\":false}}", "a=1", ""},
	    {NULL, "a=1|b=1", "false-schema"},
	    {"{\"properties\":{\"a.b\":{\"maximum\":1}}}", "a.b=2", "maximum"},
	    {"{\"properties\":{\"\xc3\xa9\":{\"maximum\":1}}}", "\xc3\xa9=2", "maximum"},
	    {"{}", "a=1", ""},
	    {"true", "a=1", ""},
	    {"false", "a=1", "false-schema"},
	};

	(void)state;
	RUN(cases);
}

/* Whatever the order of the readings before, each metric meets its own keywords. */
static void order_of_metrics(void **state)
{
	static const struct case_ cases[] = {
	    {"{\"properties\":{\"a\":{\"const\":1},\"b\":{\"const\":2},\"c\":{\"const\":3}},"
	     "\"required\":[\"a\"]}",
	     "a=1|b=2|c=3", ""},
	    {NULL, "a=1|b=2|c=3", ""},
	    {NULL, "c=3|b=2|a=1", ""},
	    {NULL, "b=2|x=9|c=3|a=1", ""},
	    {NULL, "b=2|c=3", "required"},
	    {NULL, "a=1|c=2", "const"},
	    {NULL, "a=1|b=3", "const"},
	    {NULL, "a=1|b=2|c=3", ""},
	};

	(void)state;
	RUN(cases);
}

static const char *verdict_at(struct schema *s, int64_t received, int64_t time)
{
	reading.received = received;
	reading.time = time;
	return check_reading(&check, s, &reading) ? "" : failure_name(check.failure.code);
}

static void times(void **state)
{
	struct schema *s = compile("{\"x-max-age\":60,\"x-max-future\":0.5}");
	const int64_t t = INT64_C(1767312000000000);

	(void)state;
	assert_string_equal(verdict(s, "a=1"), "");
	assert_string_equal(verdict_at(s, t, t - 60000000), "");
	assert_string_equal(verdict_at(s, t, t - 60000001), "too-old");
	assert_string_equal(
	    buf_string(&check.failure.detail),
	    "time 2026-01-01T23:58:59.999999Z is 60.000001 s before its arrival, over "
	    "x-max-age 60");
	assert_string_equal(verdict_at(s, t, t + 500000), "");
	assert_string_equal(verdict_at(s, t, t + 500001), "too-future");
	assert_string_equal(verdict_at(s, INT64_C(253402300799999999), INT64_C(-62135596800000000)),
	                    "too-old");
	schema_free(s);
}

/* An operator sees the metric, the value and the limit. */
static void details(void **state)
{
	static const struct case_ cases[] = {
	    {V("{\"maximum\":85}"), "v=181.20", "v 181.20 is over maximum 85"},
	    {V("{\"enum\":[\"ok\",\"low\"]}"), "v=\"bad\"",
	     "v \"bad\" is none of [\"ok\",\"low\"]"},
	    {V("{\"type\":[\"integer\",\"null\"]}"), "v=1.5",
	     "v 1.5 is not of type [\"integer\",\"null\"]"},
	    {V("{\"multipleOf\":0.01}"), "v=1.005", "v 1.005 is no multiple of 0.01"},
	    {V("{\"maxLength\":1}"), "v=\"abc\"",
	     "v \"abc\" is longer than maxLength 1: it has 3 characters"},
	    {V("{\"pattern\":\"^a$\"}"), "v=\"b\"", "v \"b\" does not match pattern \"^a$\""},
	    {"{\"required\":[\"p\"]}", "v=1", "p is missing"},
	    {"{\"dependentRequired\":{\"v\":[\"p\"]}}", "v=1",
	     "p is missing, which there must be with v"},
	    {"{\"additionalProperties\":false}", "v=1", "v 1 is not among the properties"},
	    {"{\"minProperties\":2}", "v=1", "1 property is fewer than minProperties 2"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct schema *s = compile(cases[i].schema);

		assert_string_not_equal(verdict(s, cases[i].metrics), "");
		assert_string_equal(buf_string(&check.failure.detail), cases[i].code);
		schema_free(s);
	}
}

static void long_values_are_cut_between_characters(void **state)
{
	struct schema *s = compile(V("{\"maxLength\":1}"));
	struct buf metric = {0};

	(void)state;
	buf_append_string(&metric, "v=\"");
	for (int i = 0; i < 200; i++)
		buf_append_string(&metric, "\xe2\x82\xac");
	buf_putc(&metric, '"');
	assert_string_equal(verdict(s, buf_string(&metric)), "max-length");
	/* A quote and 33 characters of 3 bytes. */
	assert_memory_equal(check.failure.detail.ptr + 2 + FAILURE_VALUE_MAX, "... is longer", 13);
	buf_free(&metric);
	schema_free(s);
}

static int free_check(void **state)
{
	(void)state;
	check_free(&check);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(type),
	    cmocka_unit_test(const_and_enum),
	    cmocka_unit_test(ranges),
	    cmocka_unit_test(strings),
	    cmocka_unit_test(names),
	    cmocka_unit_test(order_of_metrics),
	    cmocka_unit_test(times),
	    cmocka_unit_test(details),
	    cmocka_unit_test(long_values_are_cut_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, free_check);
}
