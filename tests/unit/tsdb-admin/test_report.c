/* Reports: query results as text and as JSON. */
#include "../../../cmd/tsdb-admin/report.h"
#include "../unit.h"

#include <string.h>

enum { BOOL = 16, INT8 = 20, TEXT = 25, FLOAT8 = 701 };

/* A result made without a server; rows are `columns` values each, NULL for null. */
static PGresult *make(const char *const names[], const Oid types[], int columns,
                      const char *const values[], int rows)
{
	PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
	PGresAttDesc attributes[8] = {0};

	assert_true(columns <= 8);
	for (int c = 0; c < columns; c++) {
		attributes[c].name = (char *)names[c];
		attributes[c].typid = types[c];
	}
	assert_true(PQsetResultAttrs(result, columns, attributes));
	for (int i = 0; i < rows * columns; i++) {
		char *value = (char *)values[i];

		assert_true(PQsetvalue(result, i / columns, i % columns, value,
		                       value != NULL ? (int)strlen(value) : -1));
	}
	return result;
}

static const char *const names[] = {"source", "seq", "size_bytes", "age_seconds", "on"};
static const Oid types[] = {TEXT, INT8, INT8, FLOAT8, BOOL};
static const char *const values[] = {
    "caf\xc3\xa9", "42", "1500000", "125.5", "t", /* row 1 */
    "a\"b\n\x1b",  NULL, "0",       "NaN",   "f", /* row 2 */
};

static void check(void (*report)(struct buf *, const PGresult *), int rows, const char *expected)
{
	PGresult *result = make(names, types, 5, values, rows);
	struct buf out = {0};

	report(&out, result);
	assert_string_equal(buf_string(&out), expected);
	buf_free(&out);
	PQclear(result);
}

static void json(void **state)
{
	(void)state;
	check(report_json_record, 1,
	      "{\"source\":\"caf\xc3\xa9\",\"seq\":42,\"size_bytes\":1500000,"
	      "\"age_seconds\":125.5,\"on\":true}");
	check(report_json_table, 0, "[]");
	check(report_json_table, 2,
	      "[{\"source\":\"caf\xc3\xa9\",\"seq\":42,\"size_bytes\":1500000,"
	      "\"age_seconds\":125.5,\"on\":true},"
	      "{\"source\":\"a\\\"b\\n\\u001b\",\"seq\":null,\"size_bytes\":0,"
	      "\"age_seconds\":\"NaN\",\"on\":false}]");
}

/* Columns align by characters, not bytes; nothing in a value can drive a terminal. */
static void text(void **state)
{
	(void)state;
	check(report_text_record, 1,
	      "  source              caf\xc3\xa9\n"
	      "  seq                 42\n"
	      "  size                1.5 MB\n"
	      "  age                 2 min 5 s\n"
	      "  on                  yes\n");
	check(report_text_table, 2,
	      "  source     seq  size    age        on\n"
	      "  caf\xc3\xa9       42   1.5 MB  2 min 5 s  yes\n"
	      "  a\"b\\n\\x1b  -    0 B     -          no\n");
}

static void bytes(void **state)
{
	static const struct {
		double bytes;
		const char *text;
	} cases[] = {{0, "0 B"},           {999, "999 B"},     {1000, "1.0 kB"},
	             {999949, "999.9 kB"}, {999950, "1.0 MB"}, {1.5e9, "1.5 GB"},
	             {8.6e13, "86.0 TB"},  {2e18, "2000.0 PB"}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf out = {0};

		report_append_bytes(&out, cases[i].bytes);
		assert_string_equal(buf_string(&out), cases[i].text);
		buf_free(&out);
	}
}

static void seconds(void **state)
{
	static const struct {
		double seconds;
		const char *text;
	} cases[] = {
	    {0, "0 s"},          {59.9, "59 s"},     {60, "1 min 0 s"}, {3599, "59 min 59 s"},
	    {7500, "2 h 5 min"}, {86400, "1 d 0 h"}, {-3, "-3 s"},      {1e300, "-"},
	    {-1e300, "-"}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf out = {0};

		report_append_seconds(&out, cases[i].seconds);
		assert_string_equal(buf_string(&out), cases[i].text);
		buf_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(json),
	    cmocka_unit_test(text),
	    cmocka_unit_test(bytes),
	    cmocka_unit_test(seconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
