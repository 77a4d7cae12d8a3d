/* lines: quoting in CSV, TSV and JSON; nulls; numbers that are none; columns. */
#include "fixture.h"

#include "../../../cmd/tsdb-query/lines.h"
#include "../../../cmd/tsdb-query/writer.h"

static struct buf line;

static const char *reading(enum lines_format format, struct slice value, bool is_string)
{
	struct row row = {.sensor = &sensor_a,
	                  .metric = is_string ? &mode_metric : &heat_metric,
	                  .time = 1500000,
	                  .value = value,
	                  .is_string = is_string,
	                  .quality = 3};
	struct columns columns;

	columns_choose(&columns, NULL, true);
	buf_clear(&line);
	lines_append_row(&line, format, &columns, &row);
	return buf_string(&line);
}

#define TIME "1970-01-01T00:00:01.500000Z"

static void csv(void **state)
{
	(void)state;
	assert_string_equal(reading(LINES_CSV, SLICE("21.5"), false),
	                    TIME ",climate,a,heat,21.5,°C,3\n");
	assert_string_equal(reading(LINES_CSV, SLICE("NaN"), false),
	                    TIME ",climate,a,heat,NaN,°C,3\n");
	assert_string_equal(reading(LINES_CSV, SLICE("a,b"), true),
	                    TIME ",climate,a,mode,\"a,b\",,3\n");
	assert_string_equal(reading(LINES_CSV, SLICE("say \"x\""), true),
	                    TIME ",climate,a,mode,\"say \"\"x\"\"\",,3\n");
	assert_string_equal(reading(LINES_CSV, SLICE("1\r\n2"), true),
	                    TIME ",climate,a,mode,\"1\r\n2\",,3\n");
	assert_string_equal(reading(LINES_CSV, SLICE(""), true), TIME ",climate,a,mode,\"\",,3\n");
	assert_string_equal(reading(LINES_CSV, SLICE(" x"), true),
	                    TIME ",climate,a,mode,\" x\",,3\n");
	assert_string_equal(reading(LINES_CSV, SLICE("a\tb\\ü;"), true),
	                    TIME ",climate,a,mode,a\tb\\ü;,,3\n");
}

static void tsv(void **state)
{
	(void)state;
	assert_string_equal(reading(LINES_TSV, SLICE("-1e-05"), false),
	                    TIME "\tclimate\ta\theat\t-1e-05\t°C\t3\n");
	assert_string_equal(reading(LINES_TSV, SLICE("a\tb\nc\\N\r\"ü"), true),
	                    TIME "\tclimate\ta\tmode\ta\\tb\\nc\\\\N\\r\"ü\t\\N\t3\n");
	assert_string_equal(reading(LINES_TSV, SLICE(""), true),
	                    TIME "\tclimate\ta\tmode\t\t\\N\t3\n");
}

static void json(void **state)
{
	(void)state;
	assert_string_equal(reading(LINES_JSON, SLICE("21.5"), false),
	                    "{\"time\":\"" TIME "\",\"type\":\"climate\",\"sensor\":\"a\","
	                    "\"metric\":\"heat\",\"value\":21.5,\"unit\":\"°C\",\"quality\":3}\n");
	assert_string_equal(reading(LINES_JSON, SLICE("-Infinity"), false),
	                    "{\"time\":\"" TIME "\",\"type\":\"climate\",\"sensor\":\"a\","
	                    "\"metric\":\"heat\",\"value\":\"-Infinity\",\"unit\":\"°C\","
	                    "\"quality\":3}\n");
	assert_string_equal(reading(LINES_JSON, SLICE("a\"\\\n\001"), true),
	                    "{\"time\":\"" TIME "\",\"type\":\"climate\",\"sensor\":\"a\","
	                    "\"metric\":\"mode\",\"value\":\"a\\\"\\\\\\n\\u0001\",\"unit\":null,"
	                    "\"quality\":3}\n");
}

static void buckets_have_the_names_of_their_aggregates(void **state)
{
	static const char *const expected[] = {"type,sensor,metric,avg,p99.9,count,unit\n"
	                                       "climate,b,mode,0.1,,3,\n",
	                                       "type\tsensor\tmetric\tavg\tp99.9\tcount\tunit\n"
	                                       "climate\tb\tmode\t0.1\t\\N\t3\t\\N\n",
	                                       "{\"type\":\"climate\",\"sensor\":\"b\","
	                                       "\"metric\":\"mode\",\"avg\":0.1,\"p99.9\":null,"
	                                       "\"count\":3,\"unit\":null}\n"};
	struct row row = {
	    .sensor = &sensor_b, .metric = &mode_metric, .count = 3, .values = {0.1, NAN, 3}};
	struct aggregates aggregates = {0};
	struct columns columns;
	struct slice at;

	(void)state;
	assert_null(aggregates_add(&aggregates, "avg,p99.9,count", &at));
	columns_choose(&columns, &aggregates, false);
	for (enum lines_format format = LINES_CSV; format <= LINES_JSON; format++) {
		buf_clear(&line);
		lines_append_head(&line, format, &columns);
		lines_append_row(&line, format, &columns, &row);
		assert_string_equal(buf_string(&line), expected[format]);
	}
	columns_remove(&columns, COLUMN_UNIT);
	assert_int_equal(columns.count, 6);
}

static void short_numbers(void **state)
{
	static const struct {
		double number;
		const char *text;
	} cases[] = {{0, "0"},
	             {1, "1"},
	             {-1.5, "-1.5"},
	             {21.333333333333332, "21.33333"},
	             {100000, "100000"},
	             {1234567.89, "1234568"},
	             {123456789.5, "123456790"},
	             {0.1 + 0.2, "0.3"},
	             {0.000123456789, "0.000123"},
	             {0.00001, "1e-05"},
	             {1e15, "1e+15"},
	             {-1e300, "-1e+300"},
	             {9.9999999, "10"}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_clear(&line);
		writer_append_short(&line, cases[i].number);
		assert_string_equal(buf_string(&line), cases[i].text);
	}
	buf_free(&line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(csv),
	    cmocka_unit_test(tsv),
	    cmocka_unit_test(json),
	    cmocka_unit_test(buckets_have_the_names_of_their_aggregates),
	    cmocka_unit_test(short_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
