/* aggregate: which names there are, and which need the readings. */
#include "../unit.h"

#include "../../../cmd/tsdb-query/aggregate.h"

#include <stdio.h>

static void names_are_read(void **state)
{
	struct aggregates list = {0};
	struct slice at;

	(void)state;
	assert_null(aggregates_add(&list, "avg,min,max,sum,count,first,last,stddev,range", &at));
	assert_int_equal(list.count, 9);
	assert_false(aggregates_need_raw(&list));
	assert_null(aggregates_add(&list, "median,p95,p99.9,p0.1", &at));
	assert_true(aggregates_need_raw(&list));
	assert_int_equal(list.count, 13);
	assert_string_equal(list.items[11].name, "p99.9");
	assert_true(list.items[9].fraction == 0.5);
	assert_true(list.items[10].fraction == 0.95);
	for (size_t i = 0; i < list.count; i++) {
		struct buf sql = {0};

		aggregate_append_raw(&sql, &list.items[i]);
		assert_true(sql.len > 0);
		buf_free(&sql);
	}
}

static void others_are_refused(void **state)
{
	static const char *const cases[] = {
	    "",         "avg,", ",avg", "mean", "AVG",     " avg",   "p",
	    "p0",       "p100", "p-5",  "p9e1", "p0.05",   "p99.95", "p05",
	    "avg;",     "p95x", "p1.",  "pp5",  "avg avg", "max(x)", "p99.99999999999999999",
	    "avg,,min",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct aggregates list = {0};
		struct slice at;

		if (!aggregates_add(&list, cases[i], &at))
			fail_msg("taken: '%s'", cases[i]);
	}
}

static void what_is_wrong_is_pointed_at(void **state)
{
	struct aggregates list = {0};
	struct slice at;

	(void)state;
	assert_non_null(aggregates_add(&list, "avg,mean,max", &at));
	assert_slice(at, "mean");
	list.count = 0;
	assert_string_equal(aggregates_add(&list, "p95,avg,p95", &at), "is there twice");
	assert_slice(at, "p95");
}

static void there_is_a_limit(void **state)
{
	struct aggregates list = {0};
	struct slice at;

	(void)state;
	for (int i = 1; i <= AGGREGATES_MAX; i++) {
		char name[8];

		snprintf(name, sizeof(name), "p%d", i);
		assert_null(aggregates_add(&list, name, &at));
	}
	assert_string_equal(aggregates_add(&list, "avg", &at), "is one too many");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_are_read),
	    cmocka_unit_test(others_are_refused),
	    cmocka_unit_test(what_is_wrong_is_pointed_at),
	    cmocka_unit_test(there_is_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
