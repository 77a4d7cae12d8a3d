/* Policies: what an operator may write, and what goes together. */
#include "../../../cmd/tsdb-admin/policy.h"
#include "../unit.h"

#include <math.h>
#include <string.h>

static void ages(void **state)
{
	struct policies list = {0};

	(void)state;
	assert_null(policy_parse(&list, "raw=30d"));
	assert_null(policy_parse(&list, "texts=1y"));
	assert_null(policy_parse(&list, "hourly=never"));
	assert_null(policy_parse(&list, "daily=12w"));
	assert_null(policy_parse(&list, "compress=1h"));
	assert_int_equal(list.count, 5);
	assert_string_equal(list.all[0].name, "raw");
	assert_string_equal(list.all[0].age, "30 days");
	assert_true(list.all[0].seconds == 30 * 86400.0);
	assert_string_equal(list.all[1].age, "1 year");
	assert_true(list.all[1].seconds == 31557600.0);
	assert_string_equal(list.all[2].age, "");
	assert_true(isinf(list.all[2].seconds));
	assert_string_equal(list.all[3].age, "12 weeks");
	assert_string_equal(list.all[4].age, "1 hour");
}

static void what_is_no_policy(void **state)
{
	static const char *const texts[] = {
	    "",         "raw",       "=30d",        "raw=",
	    "raw=d",    "raw=30",    "raw=30m",     "raw=-1d",
	    "raw=30dd", "raw=1.5d",  "raw=forever", "RAW=30d",
	    "rawx=1d",  "ra=30d",    "raw=3000y",   "raw=999999999d",
	    "raw=12h",  "hourly=2d", "compress=0h",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct policies list = {0};

		if (policy_parse(&list, texts[i]) == NULL)
			fail_msg("'%s' was taken", texts[i]);
	}
}

static void each_once(void **state)
{
	struct policies list = {0};

	(void)state;
	assert_null(policy_parse(&list, "raw=30d"));
	assert_non_null(policy_parse(&list, "raw=40d"));
	assert_int_equal(list.count, 1);
}

static struct policies policies_of(const char *raw, const char *hourly, const char *daily)
{
	struct policies list = {0};

	if (raw != NULL)
		assert_null(policy_parse(&list, raw));
	if (hourly != NULL)
		assert_null(policy_parse(&list, hourly));
	if (daily != NULL)
		assert_null(policy_parse(&list, daily));
	return list;
}

static void what_goes_together(void **state)
{
	struct policies now = policies_of("raw=90d", "hourly=180d", "daily=1y"), changes;
	char fault[256];

	(void)state;
	changes = policies_of("raw=180d", NULL, NULL);
	assert_true(policy_check(&now, &changes, fault, sizeof(fault)));
	changes = policies_of("raw=181d", NULL, NULL);
	assert_false(policy_check(&now, &changes, fault, sizeof(fault)));
	assert_non_null(strstr(fault, "raw (181 days)"));
	changes = policies_of("raw=181d", "hourly=181d", NULL);
	assert_true(policy_check(&now, &changes, fault, sizeof(fault)));
	changes = policies_of(NULL, "hourly=never", NULL);
	assert_false(policy_check(&now, &changes, fault, sizeof(fault)));
	assert_non_null(strstr(fault, "hourly (never)"));
	changes = policies_of("raw=never", "hourly=never", "daily=never");
	assert_true(policy_check(&now, &changes, fault, sizeof(fault)));
	changes = policies_of(NULL, NULL, "daily=100d");
	assert_false(policy_check(&now, &changes, fault, sizeof(fault)));
	assert_non_null(strstr(fault, "daily (100 days)"));
}

static void what_this_engine_does_not_have(void **state)
{
	struct policies now = policies_of("raw=90d", NULL, NULL), changes = {0};
	char fault[256];

	(void)state;
	assert_null(policy_parse(&changes, "compress=7d"));
	assert_false(policy_check(&now, &changes, fault, sizeof(fault)));
	assert_non_null(strstr(fault, "'compress'"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ages),
	    cmocka_unit_test(what_is_no_policy),
	    cmocka_unit_test(each_once),
	    cmocka_unit_test(what_goes_together),
	    cmocka_unit_test(what_this_engine_does_not_have),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
