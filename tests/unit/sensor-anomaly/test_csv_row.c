/* Rows of tables in the forms they come in. */
#include "../unit.h"

#include "../../../cmd/sensor-anomaly/csv_row.h"

#include "base/clock.h"

#include <stdlib.h>

#define NOON (INT64_C(1767268800) * CLOCK_SECOND) /* 2026-01-01T12:00:00Z */

static void rows(void **state)
{
	static const struct {
		const char *line;
		enum csv_status status;
		int64_t time;
		double value;
	} cases[] = {
	    {"2026-01-01T12:00:00Z,1.5", CSV_ROW, NOON, 1.5},
	    {"2026-01-01T13:00:00+01:00,-2", CSV_ROW, NOON, -2},
	    {"2026-01-01 12:00:00,3", CSV_ROW, NOON, 3},
	    {"2026-01-01T12:00:00.25,3", CSV_ROW, NOON + 250000, 3},
	    {"2026-01-01 12:00,3", CSV_ROW, NOON, 3},
	    {"2026-01-01,3", CSV_ROW, NOON - 43200 * CLOCK_SECOND, 3},
	    {"1767268800,3", CSV_ROW, NOON, 3},
	    {"1767268800.5,3", CSV_ROW, NOON + 500000, 3},
	    {"1767268800000,3", CSV_ROW, NOON, 3},
	    {"1767268800000000,3", CSV_ROW, NOON, 3},
	    {"1767268800000000000,3", CSV_ROW, NOON, 3},
	    {"-1,3", CSV_ROW, -CLOCK_SECOND, 3},
	    {"1,3,4,5", CSV_ROW, CLOCK_SECOND, 3},
	    {" \"1\" , \"3\" ", CSV_ROW, CLOCK_SECOND, 3},
	    {"1,.5", CSV_ROW, CLOCK_SECOND, 0.5},
	    {"1,+5.", CSV_ROW, CLOCK_SECOND, 5},
	    {"1,1E-3", CSV_ROW, CLOCK_SECOND, 0.001},
	    {"1,", CSV_MISSING, 0, 0},
	    {"1,\"\"", CSV_MISSING, 0, 0},
	    {"1,NaN", CSV_MISSING, 0, 0},
	    {"1,-inf", CSV_MISSING, 0, 0},
	    {"1,NULL", CSV_MISSING, 0, 0},
	    {"1,1e999", CSV_BAD_VALUE, 0, 0},
	    {"1,0x10", CSV_BAD_VALUE, 0, 0},
	    {"1,1 2", CSV_BAD_VALUE, 0, 0},
	    {"1,--1", CSV_BAD_VALUE, 0, 0},
	    {"1,infinit", CSV_BAD_VALUE, 0, 0},
	    {"timestamp,value", CSV_BAD_TIME, 0, 0},
	    {"2026-13-01,1", CSV_BAD_TIME, 0, 0},
	    {"1e30,1", CSV_BAD_TIME, 0, 0},
	    {"1e999,1", CSV_BAD_TIME, 0, 0},
	    {",1", CSV_BAD_TIME, 0, 0},
	    {"1", CSV_BAD_ROW, 0, 0},
	    {"x", CSV_BAD_ROW, 0, 0},
	    {"", CSV_BAD_ROW, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct slice line = exact_copy(slice_of(cases[i].line));
		struct csv_row row = {0, 0};
		enum csv_status status = csv_row_parse(line, &row);

		if (status != cases[i].status ||
		    (status == CSV_ROW &&
		     (row.time != cases[i].time || row.value != cases[i].value)))
			fail_msg("'%s': status %d, time %lld, value %g", cases[i].line, status,
			         (long long)row.time, row.value);
		exact_free(line);
	}
}

/* A field of any length is read, or refused, within its bounds. */
static void long_fields(void **state)
{
	enum { LONG = 300 };
	struct csv_row row;

	(void)state;
	for (size_t len = 1; len < LONG; len++) {
		char text[LONG + 16];
		struct slice line = {text, len + 2};

		memset(text, '1', len);
		memcpy(text + len, ",1", 2);
		line = exact_copy(line);
		assert_int_equal(csv_row_parse(line, &row), len <= 21 ? CSV_ROW : CSV_BAD_TIME);
		exact_free(line);
		memcpy(text, "1,+", 3);
		memset(text + 3, '1', len);
		line = exact_copy((struct slice){text, len + 3});
		assert_int_equal(csv_row_parse(line, &row), len < 64 ? CSV_ROW : CSV_BAD_VALUE);
		exact_free(line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows),
	    cmocka_unit_test(long_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
