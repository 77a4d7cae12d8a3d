/* How the doctor prints what it found, and how it judges clocks and disks. */
#include "../../../cmd/tsdb-admin/doctor_host.h"
#include "../../../cmd/tsdb-admin/findings.h"
#include "../unit.h"

static void text(void **state)
{
	struct findings f = {0};

	(void)state;
	findings_add(&f, LEVEL_OK, "standby", "this server is no standby", "never shown");
	findings_add(&f, LEVEL_PROBLEM, "fsync", "is off", "ALTER SYSTEM SET fsync = on;");
	findings_add(&f, LEVEL_SKIPPED, "jobs", "needs more rights", NULL);
	findings_add(&f, LEVEL_WARNING, "a\nb", "c\x1b[2J", "d\te");
	findings_end(&f);
	assert_string_equal(buf_string(&f.out), "ok       standby: this server is no standby\n"
	                                        "problem  fsync: is off\n"
	                                        "    ALTER SYSTEM SET fsync = on;\n"
	                                        "skipped  jobs: needs more rights\n"
	                                        "warning  a\\nb: c\\x1b[2J\n"
	                                        "    d\\te\n");
	assert_int_equal(f.counts[LEVEL_OK], 1);
	assert_int_equal(f.counts[LEVEL_PROBLEM], 1);
	assert_int_equal(f.counts[LEVEL_WARNING], 1);
	assert_int_equal(f.counts[LEVEL_SKIPPED], 1);
	findings_free(&f);
}

static void quiet(void **state)
{
	struct findings f = {.quiet = true};

	(void)state;
	findings_add(&f, LEVEL_OK, "standby", "none", NULL);
	findings_add(&f, LEVEL_SKIPPED, "jobs", "needs more rights", NULL);
	findings_add(&f, LEVEL_WARNING, "tls", "not in use", "use it");
	findings_end(&f);
	assert_string_equal(buf_string(&f.out), "warning  tls: not in use\n    use it\n");
	findings_free(&f);
}

static void json(void **state)
{
	struct findings f = {.json = true, .quiet = true}, none = {.json = true};

	(void)state;
	findings_end(&none);
	assert_string_equal(buf_string(&none.out), "[]\n");
	findings_free(&none);
	findings_add(&f, LEVEL_OK, "tls", "\"TLS\"", "never shown");
	findings_add(&f, LEVEL_PROBLEM, "fsync", "off\n", "on");
	findings_end(&f);
	assert_string_equal(
	    buf_string(&f.out),
	    "[{\"level\":\"ok\",\"name\":\"tls\",\"found\":\"\\\"TLS\\\"\",\"mend\":null},"
	    "{\"level\":\"problem\",\"name\":\"fsync\",\"found\":\"off\\n\",\"mend\":\"on\"}]\n");
	findings_free(&f);
}

static void levels(void **state)
{
	(void)state;
	assert_int_equal(findings_level("ok"), LEVEL_OK);
	assert_int_equal(findings_level("skipped"), LEVEL_SKIPPED);
	assert_int_equal(findings_level("warning"), LEVEL_WARNING);
	assert_int_equal(findings_level("problem"), LEVEL_PROBLEM);
	assert_int_equal(findings_level("catastrophe"), LEVELS);
}

static void clocks(void **state)
{
	(void)state;
	assert_int_equal(doctor_clock_level(0, 0), LEVEL_OK);
	assert_int_equal(doctor_clock_level(1000000, 0), LEVEL_OK);
	assert_int_equal(doctor_clock_level(1000001, 0), LEVEL_WARNING);
	assert_int_equal(doctor_clock_level(-1000001, 0), LEVEL_WARNING);
	assert_int_equal(doctor_clock_level(-1000001, 1), LEVEL_OK);
	assert_int_equal(doctor_clock_level(60000000, 0), LEVEL_WARNING);
	assert_int_equal(doctor_clock_level(60000001, 0), LEVEL_PROBLEM);
	assert_int_equal(doctor_clock_level(-60000001, 0), LEVEL_PROBLEM);
	/* An answer that took two minutes tells nothing about a minute. */
	assert_int_equal(doctor_clock_level(60000001, 60000000), LEVEL_OK);
}

static void disks(void **state)
{
	const uint64_t mb = 1000000;

	(void)state;
	assert_int_equal(doctor_disk_level(1000 * mb, 0), LEVEL_OK);
	assert_int_equal(doctor_disk_level(999 * mb, 0), LEVEL_WARNING);
	assert_int_equal(doctor_disk_level(255 * mb, 0), LEVEL_PROBLEM);
	assert_int_equal(doctor_disk_level(0, 0), LEVEL_PROBLEM);
	assert_int_equal(doctor_disk_level(7000 * mb, 1000 * mb), LEVEL_OK);
	assert_int_equal(doctor_disk_level(6999 * mb, 1000 * mb), LEVEL_WARNING);
	assert_int_equal(doctor_disk_level(1000 * mb, 1000 * mb), LEVEL_WARNING);
	assert_int_equal(doctor_disk_level(999 * mb, 1000 * mb), LEVEL_PROBLEM);
	assert_int_equal(doctor_disk_level(UINT64_MAX, UINT64_MAX / 8), LEVEL_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text),   cmocka_unit_test(quiet),  cmocka_unit_test(json),
	    cmocka_unit_test(levels), cmocka_unit_test(clocks), cmocka_unit_test(disks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
