/* The plan: which steps a database needs, and which databases are refused. */
#include "../../../cmd/tsdb-admin/plan.h"
#include "../unit.h"

#include <string.h>

static const struct sql_file files[] = {
    {1, "common", "migrations", "aa", ""},
    {2, "postgresql", "readings", "bb", ""},
    {2, "timescaledb", "readings", "cc", ""},
    {3, "computed", "rollups", "dd", ""},
    {4, "timescaledb-community", "policies", "ee", ""},
    {9, "status", "page", "ff", ""},
};

static struct plan plan_of(enum engine engine, const struct applied *applied, size_t count)
{
	return (struct plan){engine, files, sizeof(files) / sizeof(files[0]), applied, count};
}

static void fresh_database_gets_the_steps_of_its_engine(void **state)
{
	struct plan plan = plan_of(ENGINE_POSTGRESQL, NULL, 0);
	size_t at = 0;

	(void)state;
	assert_string_equal(plan_next(&plan, &at)->checksum, "aa");
	assert_string_equal(plan_next(&plan, &at)->checksum, "bb");
	assert_string_equal(plan_next(&plan, &at)->checksum, "dd");
	assert_null(plan_next(&plan, &at));
	assert_int_equal(plan_target(&plan), 3);

	plan = plan_of(ENGINE_TIMESCALEDB, NULL, 0);
	assert_int_equal(plan_missing(&plan), 3);
	assert_int_equal(plan_target(&plan), 4);

	plan = plan_of(ENGINE_TIMESCALEDB_APACHE, NULL, 0);
	assert_int_equal(plan_missing(&plan), 3);
	assert_int_equal(plan_target(&plan), 3);
}

static void a_gap_is_filled(void **state)
{
	static const struct applied applied[] = {{1, "migrations", "aa"}, {4, "policies", "ee"}};
	struct plan plan = plan_of(ENGINE_TIMESCALEDB, applied, 2);
	size_t at = 0;
	char fault[256];

	(void)state;
	assert_true(plan_check(&plan, fault, sizeof(fault)));
	assert_int_equal(plan_missing(&plan), 1);
	assert_string_equal(plan_next(&plan, &at)->checksum, "cc");
	assert_null(plan_next(&plan, &at));
}

static void an_altered_step_is_a_fault(void **state)
{
	static const struct applied applied[] = {{1, "migrations", "aa"}, {2, "readings", "cc"}};
	struct plan plan = plan_of(ENGINE_POSTGRESQL, applied, 2);
	char fault[256];

	(void)state;
	assert_false(plan_check(&plan, fault, sizeof(fault)));
	assert_non_null(strstr(fault, "step 0002_readings differs"));
}

static void an_unknown_step_is_a_fault(void **state)
{
	static const struct applied applied[] = {{1, "migrations", "aa"}, {4, "policies", "ee"}};
	struct plan plan = plan_of(ENGINE_POSTGRESQL, applied, 2);
	char fault[256];

	(void)state;
	assert_false(plan_check(&plan, fault, sizeof(fault)));
	assert_non_null(strstr(fault, "step 0004_policies, which this tool does not know"));
}

static void versions_of_timescaledb(void **state)
{
	(void)state;
	assert_true(engine_version_suits("2.12.0"));
	assert_true(engine_version_suits("2.23.0-dev"));
	assert_true(engine_version_suits("3.0.0"));
	assert_false(engine_version_suits("2.11.2"));
	assert_false(engine_version_suits("1.99.0"));
	assert_false(engine_version_suits("2"));
	assert_false(engine_version_suits(""));
}

/* What is embedded: within an engine, no version twice, and every step with a sum and a text. */
static void embedded_steps_are_sound(void **state)
{
	static const enum engine engines[] = {ENGINE_POSTGRESQL, ENGINE_TIMESCALEDB,
	                                      ENGINE_TIMESCALEDB_APACHE};

	(void)state;
	for (size_t e = 0; e < 3; e++) {
		struct plan plan = {engines[e], sql_files, sql_file_count, NULL, 0};
		const struct sql_file *file;
		size_t at = 0;
		int last = 0;

		while ((file = plan_next(&plan, &at)) != NULL) {
			assert_true(file->version > last);
			assert_int_equal(strlen(file->checksum), 64);
			assert_true(strlen(file->text) > 0);
			last = file->version;
		}
		assert_true(last > 0);
	}
}

static void engines_and_wishes(void **state)
{
	(void)state;
	assert_true(engine_fulfils(ENGINE_POSTGRESQL, WISH_AUTO));
	assert_true(engine_fulfils(ENGINE_TIMESCALEDB_APACHE, WISH_TIMESCALEDB));
	assert_false(engine_fulfils(ENGINE_POSTGRESQL, WISH_TIMESCALEDB));
	assert_false(engine_fulfils(ENGINE_TIMESCALEDB, WISH_POSTGRESQL));
	assert_int_equal(engine_of_name(engine_name(ENGINE_TIMESCALEDB_APACHE)),
	                 ENGINE_TIMESCALEDB_APACHE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(fresh_database_gets_the_steps_of_its_engine),
	    cmocka_unit_test(a_gap_is_filled),
	    cmocka_unit_test(an_altered_step_is_a_fault),
	    cmocka_unit_test(an_unknown_step_is_a_fault),
	    cmocka_unit_test(versions_of_timescaledb),
	    cmocka_unit_test(embedded_steps_are_sound),
	    cmocka_unit_test(engines_and_wishes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
