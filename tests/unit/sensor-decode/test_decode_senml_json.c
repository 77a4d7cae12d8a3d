#include "decoded.h"

#include "../../../cmd/sensor-decode/senml/decode_senml_json.h"
#include "../../../cmd/sensor-decode/senml/senml_seen.h"

static struct decoded d = {.decoder = decode_senml_json, .options.json.max_depth = 8};

#define NOW "2026-11-22T16:03:41.836186Z"

static const char *senml(const char *pack)
{
	d.payload.type.format = FORMAT_SENML_JSON;
	return decoded(&d, slice_of(pack));
}

static const char *sensml(const char *pack)
{
	d.payload.type.format = FORMAT_SENSML_JSON;
	return decoded(&d, slice_of(pack));
}

static void test_base_fields(void **state)
{
	(void)state;
	assert_string_equal(senml("[{\"n\":\"a\",\"v\":1}]"), NOW " a=1\n");
	assert_string_equal(
	    senml("[{\"bn\":\"d:\",\"bu\":\"V\",\"bt\":1e9,\"n\":\"a\",\"v\":1},"
	          "{\"n\":\"b\",\"v\":2},{\"bn\":\"e:\",\"bu\":\"A\",\"n\":\"a\",\"v\":3},"
	          "{\"bt\":1000000001,\"n\":\"b\",\"u\":\"W\",\"v\":4}]"),
	    "d 2001-09-09T01:46:40.000000Z a=1;1;V b=2;1;V\n"
	    "e 2001-09-09T01:46:40.000000Z a=3;1;A\n"
	    "e 2001-09-09T01:46:41.000000Z b=4;1;W\n");
	/* alone, and taken back */
	assert_string_equal(senml("[{\"bn\":\"d/\"},{\"n\":\"a\",\"v\":1},{\"bn\":\"\"},"
	                          "{\"n\":\"b\",\"v\":2}]"),
	                    "d " NOW " a=1\n" NOW " b=2\n");
	assert_string_equal(senml("[{\"bu\":\"V\",\"n\":\"a\",\"u\":\"\",\"v\":1}]"), NOW " a=1\n");
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(senml("[{\"bn\":\"d-/:._\",\"n\":\"a\",\"v\":1}]"), "d " NOW " a=1\n");
	assert_string_equal(senml("[{\"bn\":\"d:1\",\"v\":1}]"), "d:1 " NOW " value=1\n");
	assert_string_equal(senml("[{\"bn\":\"d:\",\"n\":\"\",\"v\":1}]"), "d " NOW " value=1\n");
	assert_string_equal(senml("[{\"bn\":\"d\",\"n\":\":a/b\",\"v\":1}]"), "d " NOW " :a/b=1\n");
	assert_string_equal(senml("[{\"n\":\"\\u0061\",\"v\":1}]"), NOW " a=1\n");
	d.payload.metric = SLICE("level");
	assert_string_equal(senml("[{\"bn\":\"d\",\"v\":1}]"), "d " NOW " level=1\n");
	d.payload.metric = (struct slice){0};
	assert_string_equal(senml("[{\"v\":1}]"), "bad-name: record 1 has no name");
	assert_string_equal(senml("[{\"bn\":\"d/\"},{\"n\":\"a b\",\"v\":1}]"),
	                    "bad-name: record 2: the name 'd/a b' is not of A-Z a-z 0-9 - : . / _");
	assert_string_equal(senml("[{\"bn\":\"\xc3\xa9\",\"n\":\"a\",\"v\":1}]"),
	                    "bad-name: record 1: the name '\xc3\xa9"
	                    "a' is not of A-Z a-z 0-9 - : . / _");
	assert_string_equal(senml("[{\"n\":\":a\",\"v\":1}]"),
	                    "bad-name: record 1: the name ':a' starts with none of A-Z a-z 0-9");
	assert_string_equal(senml("[{\"bn\":\"-\",\"n\":\"a\",\"v\":1}]"),
	                    "bad-name: record 1: the name '-a' starts with none of A-Z a-z 0-9");
}

static void test_values(void **state)
{
	(void)state;
	assert_string_equal(
	    senml("[{\"n\":\"a\",\"v\":-1.50e-3},{\"n\":\"b\",\"vs\":\"\\u00e9\\n\"},"
	          "{\"n\":\"c\",\"vb\":true},{\"n\":\"d\",\"vd\":\"-_09\"},"
	          "{\"n\":\"e\",\"vs\":\"\"},{\"n\":\"f\",\"vd\":\"\"}]"),
	    NOW " a=-1.50e-3 b=\"\xc3\xa9\\\\n\" c=true d=\"-_09\" e=\"\" f=\"\"\n");
	assert_string_equal(senml("[{\"bn\":\"d\",\"n\":\"a\"}]"),
	                    "bad-senml: record 1: there is no value and no sum");
	assert_string_equal(senml("[{\"n\":\"a\",\"v\":1},{}]"),
	                    "bad-senml: record 2: there is no value and no sum");
	assert_string_equal(senml("[{\"n\":\"a\",\"v\":1,\"vb\":true}]"),
	                    "bad-senml: record 1: more than one of 'v', 'vs', 'vb' and 'vd'");
	assert_string_equal(senml("[{\"n\":\"a\",\"vs\":\"x\\u0000\"}]"),
	                    "nul: record 1: a string with a NUL in it");
	assert_string_equal(senml("[{\"n\":\"a\",\"v\":1e999}]"),
	                    "number-range: record 1: 'v' is beyond the range of a double");
	assert_string_equal(senml("[{\"n\":\"a\",\"v\":1E3}]"),
	                    "bad-senml: record 1: 'v' has an exponent that is not written 'e'");
}

static void test_data(void **state)
{
	static const char *const refused[] = {"aGkgCg==", "aGkg+", "aGkg/w", "aGkgC", "aGk\\u0000"};
	struct buf pack = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		buf_clear(&pack);
		buf_printf(&pack, "[{\"n\":\"a\",\"vd\":\"%s\"}]", refused[i]);
		assert_string_equal(senml(buf_string(&pack)),
		                    "bad-senml: record 1: 'vd' is not base64url without padding");
	}
	buf_free(&pack);
}

static void test_types(void **state)
{
	(void)state;
	assert_string_equal(senml("[{\"n\":\"a\",\"v\":\"1\"}]"),
	                    "bad-senml: record 1: 'v' is not a number");
	assert_string_equal(senml("[{\"n\":\"a\",\"v\":null}]"),
	                    "bad-senml: record 1: 'v' is not a number");
	assert_string_equal(senml("[{\"n\":1,\"v\":1}]"),
	                    "bad-senml: record 1: 'n' is not a string");
	assert_string_equal(senml("[{\"n\":\"a\",\"vb\":0}]"),
	                    "bad-senml: record 1: 'vb' is neither true nor false");
	assert_string_equal(senml("[{\"n\":\"a\",\"vd\":[]}]"),
	                    "bad-senml: record 1: 'vd' is not data");
	assert_string_equal(senml("[{\"n\":\"a\",\"v\":1,\"ut\":true}]"),
	                    "bad-senml: record 1: 'ut' is not a number");
	assert_string_equal(senml("[{\"n\":\"a\",\"v\":1,\"v\":1}]"),
	                    "duplicate-name: record 1: 'v' is there twice");
}

static void test_base_values(void **state)
{
	(void)state;
	assert_string_equal(senml("[{\"bn\":\"d:\",\"bv\":23.5,\"n\":\"a\",\"v\":0.1},"
	                          "{\"n\":\"b\",\"vb\":true},{\"n\":\"c\",\"v\":-23.5},"
	                          "{\"n\":\"d\",\"bv\":0,\"v\":1.50e2}]"),
	                    "d " NOW " a=23.6 b=true c=0.0 d=1.50e2\n");
	assert_string_equal(
	    senml("[{\"bv\":1e-300,\"n\":\"a\",\"v\":1}]"),
	    "number-range: record 1: 'bv' and 'v' together need more than 64 digits");
}

static void test_sums(void **state)
{
	(void)state;
	assert_string_equal(senml("[{\"n\":\"a\",\"u\":\"W\",\"s\":7.5}]"), NOW " a.sum=7.5\n");
	assert_string_equal(senml("[{\"n\":\"a\",\"u\":\"W\",\"v\":1,\"s\":7.5,\"ut\":10}]"),
	                    NOW " a=1;1;W a.sum=7.5\n");
	/* a base sum belongs to all numbers that follow */
	assert_string_equal(senml("[{\"bs\":100,\"n\":\"a\",\"v\":1},{\"n\":\"b\",\"s\":0.5},"
	                          "{\"n\":\"c\",\"vb\":true}]"),
	                    NOW " a=1 a.sum=100 b.sum=100.5 c=true\n");
}

static void test_times(void **state)
{
	(void)state;
	assert_string_equal(
	    senml("[{\"n\":\"a\",\"t\":-5.5,\"v\":1},{\"n\":\"a\",\"t\":2,\"v\":1}]"),
	    "2026-11-22T16:03:36.336186Z a=1\n2026-11-22T16:03:43.836186Z a=1\n");
	/* 2^28 and just below */
	assert_string_equal(senml("[{\"n\":\"a\",\"t\":268435456,\"v\":1}]"),
	                    "1978-07-04T21:24:16.000000Z a=1\n");
	assert_string_equal(senml("[{\"bt\":268435455,\"n\":\"a\",\"t\":0.999999,\"v\":1}]"),
	                    "2035-05-26T13:27:57.836185Z a=1\n");
	assert_string_equal(senml("[{\"bt\":1.276020076001e+09,\"n\":\"a\",\"t\":-0.001,\"v\":1}]"),
	                    "2010-06-08T18:01:16.000000Z a=1\n");
	assert_string_equal(senml("[{\"bt\":1320067464.1,\"n\":\"a\",\"t\":0.2,\"v\":1}]"),
	                    "2011-10-31T13:24:24.300000Z a=1\n");
	assert_string_equal(senml("[{\"n\":\"a\",\"t\":1e12,\"v\":1}]"),
	                    "bad-time: record 1: no time of the years 0001 to 9999");
	assert_string_equal(senml("[{\"n\":\"a\",\"t\":-1e11,\"v\":1}]"),
	                    "bad-time: record 1: no time of the years 0001 to 9999");
	assert_string_equal(senml("[{\"bt\":1e200,\"n\":\"a\",\"t\":1,\"v\":1}]"),
	                    "bad-time: record 1: no time of the years 0001 to 9999");
}

static void test_versions(void **state)
{
	static const char *const refused[] = {"11", "0", "-1", "1.0", "1e1", "100"};
	struct buf pack = {0};

	(void)state;
	assert_string_equal(
	    senml("[{\"bver\":5,\"n\":\"a\",\"v\":1},{\"n\":\"b\",\"bver\":5,\"v\":2}]"),
	    NOW " a=1 b=2\n");
	assert_string_equal(senml("[{\"n\":\"a\",\"v\":1},{\"n\":\"b\",\"bver\":10,\"v\":2}]"),
	                    NOW " a=1 b=2\n");
	assert_string_equal(senml("[{\"n\":\"a\",\"v\":1},{\"n\":\"b\",\"bver\":9,\"v\":2}]"),
	                    "bad-senml: record 2: 'bver' is another than before");
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		buf_clear(&pack);
		buf_printf(&pack, "[{\"n\":\"a\",\"bver\":%s,\"v\":1}]", refused[i]);
		assert_string_equal(senml(buf_string(&pack)),
		                    "bad-senml: record 1: 'bver' is not a version from 1 to 10");
	}
	buf_free(&pack);
}

static void test_unknown_fields(void **state)
{
	(void)state;
	assert_string_equal(senml("[{\"n\":\"a\",\"v\":1,\"x\":{\"y_\":[1,{}]},\"bx\":\"\"}]"),
	                    NOW " a=1\n");
	assert_string_equal(
	    senml("[{\"n\":\"a\",\"v\":1},{\"x_\":1}]"),
	    "unknown-field: record 2: the field 'x_' is not known and must not be ignored");
	assert_string_equal(senml("[{\"n\":\"a\",\"v\":1,\"x\":[[[[[[[[]]]]]]]]}]"),
	                    "too-deep: nested over 8 deep");
}

/* What is of one sensor and time is one reading where it stands together; nothing comes twice. */
static void test_readings(void **state)
{
	(void)state;
	assert_string_equal(senml("[{\"n\":\"a\",\"t\":1,\"v\":1},{\"n\":\"a\",\"t\":2,\"v\":2},"
	                          "{\"n\":\"b\",\"t\":1,\"v\":3}]"),
	                    "2026-11-22T16:03:42.836186Z a=1\n2026-11-22T16:03:43.836186Z a=2\n"
	                    "2026-11-22T16:03:42.836186Z b=3\n");
	assert_string_equal(senml("[{\"n\":\"a\",\"t\":1,\"v\":1},{\"n\":\"b\",\"t\":2,\"v\":1},"
	                          "{\"n\":\"a\",\"t\":1.0,\"v\":2}]"),
	                    "duplicate-name: record 3: 'a' had a value of this time before");
	assert_string_equal(
	    senml("[{\"bn\":\"d:\",\"n\":\"a\",\"v\":1},{\"bn\":\"e:\",\"n\":\"a\",\"v\":1},"
	          "{\"bn\":\"d/\",\"n\":\"a\",\"v\":1}]"),
	    "duplicate-name: record 3: 'a' had a value of this time before");
	assert_string_equal(senml("[{\"n\":\"a\",\"v\":1,\"s\":1},{\"n\":\"a.sum\",\"v\":1}]"),
	                    "duplicate-name: 'a.sum' is there twice");
}

/* A name with several units is several metrics. */
static void test_units(void **state)
{
	(void)state;
	assert_string_equal(
	    senml("[{\"bn\":\"d\",\"bu\":\"%RH\",\"u\":\"%EL\",\"v\":98},{\"v\":20},"
	          "{\"u\":\"lon\",\"v\":24.3}]"),
	    "d " NOW " value.%EL=98;1;%EL value=20;1;%RH value.lon=24.3;1;lon\n");
	assert_string_equal(
	    senml("[{\"n\":\"a\",\"u\":\"V\",\"bu\":\"A\",\"v\":1},"
	          "{\"n\":\"a\",\"u\":\"W\",\"v\":2,\"s\":3},{\"n\":\"b\",\"v\":4}]"),
	    NOW " a=1;1;V a.W=2;1;W a.W.sum=3 b=4;1;A\n");
	assert_string_equal(senml("[{\"n\":\"a\",\"u\":\"V\",\"v\":1},{\"n\":\"a\",\"v\":2}]"),
	                    "duplicate-name: record 2: 'a' had a value of this time before");
	assert_string_equal(
	    senml("[{\"n\":\"a\",\"u\":\"0123456789012345678901234567890123456789012345678901234"
	          "567890123\",\"v\":1}]"),
	    "string-too-long: record 1: a unit of 64 bytes, more than 63");
}

static void test_shapes(void **state)
{
	(void)state;
	assert_string_equal(senml("[]"), "no-metrics: there is no value in the pack");
	assert_string_equal(senml("[{\"bn\":\"d\"}]"), "no-metrics: there is no value in the pack");
	assert_string_equal(senml("{\"n\":\"a\",\"v\":1}"),
	                    "bad-senml: the payload is an object, not an array of records");
	assert_string_equal(senml("[{\"n\":\"a\",\"v\":1},2]"),
	                    "bad-senml: record 2 is a number, not an object");
	assert_string_equal(senml("[{\"n\":\"a\",\"v\":01}]"),
	                    "bad-json: offset 15: a ',' or '}' is missing");
	/* bad syntax is told before a wrong record that stands in front of it */
	assert_memory_equal(senml("[{\"n\":\":a\",\"v\":1},]"), "bad-json: offset 18", 19);
	assert_string_equal(senml(""), "bad-json: offset 0: the text ends where a value should be");
}

/* A stream may lack the end of its array, and nothing else. */
static void test_stream(void **state)
{
	static const char *const cut[] = {"[{\"n\":\"a\",\"v\":1}]", "[{\"n\":\"a\",\"v\":1},\n",
	                                  "[{\"n\":\"a\",\"v\":1} "};

	(void)state;
	for (size_t i = 0; i < sizeof(cut) / sizeof(cut[0]); i++)
		assert_string_equal(sensml(cut[i]), NOW " a=1\n");
	assert_memory_equal(senml(cut[1]), "bad-json: offset 18", 19);
	assert_memory_equal(sensml("[{\"n\":\"a\",\"v\":1},{"), "bad-json: offset 18", 19);
	assert_memory_equal(sensml("[{\"n\":\"a\",\"v\":1},x"), "bad-json: offset 17", 19);
	assert_string_equal(sensml("["), "no-metrics: there is no value in the pack");
	assert_memory_equal(sensml(""), "bad-json: offset 0", 18);
	assert_memory_equal(sensml("{\"n\":\"a\",\"v\":1}"), "bad-senml: ", 11);
}

static void test_limits(void **state)
{
	struct buf pack = {0};

	(void)state;
	for (int i = 0; i <= SENML_VALUES_MAX; i++)
		buf_printf(&pack, "%s{\"n\":\"a%d\",\"t\":%d,\"v\":1}", i ? "," : "[", i, i / 8);
	buf_putc(&pack, ']');
	assert_string_equal(senml(buf_string(&pack)),
	                    "too-many-metrics: more than 4096 values in a pack");
	buf_clear(&pack);
	for (int i = 0; i <= READINGS_MAX; i++)
		buf_printf(&pack, "%s{\"n\":\"a\",\"t\":%d,\"v\":1}", i ? "," : "[", i);
	buf_putc(&pack, ']');
	assert_string_equal(senml(buf_string(&pack)), "too-many-readings: more than 1000 readings");
	buf_clear(&pack);
	for (int i = 0; i <= RECORD_METRICS_MAX; i++)
		buf_printf(&pack, "%s{\"n\":\"a%d\",\"v\":1}", i ? "," : "[", i);
	buf_putc(&pack, ']');
	assert_string_equal(senml(buf_string(&pack)), "too-many-metrics: more than 1000 metrics");
	buf_free(&pack);
}

static int free_all(void **state)
{
	(void)state;
	decoded_free(&d);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_base_fields), cmocka_unit_test(test_names),
	    cmocka_unit_test(test_values),      cmocka_unit_test(test_data),
	    cmocka_unit_test(test_types),       cmocka_unit_test(test_base_values),
	    cmocka_unit_test(test_sums),        cmocka_unit_test(test_times),
	    cmocka_unit_test(test_versions),    cmocka_unit_test(test_unknown_fields),
	    cmocka_unit_test(test_readings),    cmocka_unit_test(test_units),
	    cmocka_unit_test(test_shapes),      cmocka_unit_test(test_stream),
	    cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, free_all);
}
