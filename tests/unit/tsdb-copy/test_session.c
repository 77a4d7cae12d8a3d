/* What an SQLSTATE means for the data, the exit status and the operator. */
#include "../unit.h"

#include "../../../cmd/tsdb-copy/session.h"

#include <sysexits.h>

static void classes(void **state)
{
	static const struct {
		const char *sqlstate;
		enum db_status status;
	} cases[] = {
	    {"", DB_TRANSIENT},      /* no answer */
	    {"08006", DB_TRANSIENT}, /* connection_failure */
	    {"40P01", DB_TRANSIENT}, /* deadlock_detected */
	    {"53100", DB_TRANSIENT}, /* disk_full */
	    {"57P01", DB_TRANSIENT}, /* admin_shutdown */
	    {"57014", DB_TRANSIENT}, /* query_canceled */
	    {"25006", DB_TRANSIENT}, /* read_only_sql_transaction */
	    {"23505", DB_DUPLICATE}, /* unique_violation */
	    {"23514", DB_BAD_DATA},  /* check_violation */
	    {"22021", DB_BAD_DATA},  /* character_not_in_repertoire */
	    {"54000", DB_BAD_DATA},  /* program_limit_exceeded */
	    {"P0001", DB_BAD_DATA},  /* raise_exception */
	    {"0A000", DB_BAD_DATA},  /* feature_not_supported */
	    {"42P01", DB_FATAL},     /* undefined_table */
	    {"42501", DB_FATAL},     /* insufficient_privilege */
	    {"28P01", DB_FATAL},     /* invalid_password */
	    {"3D000", DB_FATAL},     /* invalid_catalog_name */
	    {"XX000", DB_FATAL},     /* internal_error */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (db_classify(cases[i].sqlstate) != cases[i].status)
			fail_msg("%s: %d", cases[i].sqlstate, (int)db_classify(cases[i].sqlstate));
}

static void ways_out(void **state)
{
	(void)state;
	assert_int_equal(db_exit_status("28P01"), EX_NOPERM);
	assert_int_equal(db_exit_status("42501"), EX_NOPERM);
	assert_int_equal(db_exit_status("3D000"), EX_CONFIG);
	assert_int_equal(db_exit_status("42P01"), EX_CONFIG);
	assert_int_equal(db_exit_status("42601"), EX_UNAVAILABLE);
	assert_int_equal(db_exit_status("XX000"), EX_UNAVAILABLE);
	assert_non_null(strstr(db_way_out("42883"), "tsdb-admin init"));
	assert_non_null(strstr(db_way_out("3D000"), "createdb"));
	assert_string_equal(db_way_out("XX000"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(classes),
	    cmocka_unit_test(ways_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
