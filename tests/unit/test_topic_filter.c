/* topic_filter: the matching of MQTT 5 section 4.7. */
#include "unit.h"

#include "text/topic_filter.h"

/* The first ones are the examples of MQTT 5 section 4.7.1. */
static void test_filters(void **state)
{
	static const struct {
		const char *filter, *topic;
		bool matches;
	} cases[] = {
	    {"sport/tennis/player1/#", "sport/tennis/player1", true},
	    {"sport/tennis/player1/#", "sport/tennis/player1/ranking", true},
	    {"sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true},
	    {"sport/#", "sport", true},
	    {"#", "anything/at/all", true},
	    {"#", "$SYS/broker", false},
	    {"+/monitor/Clients", "$SYS/monitor/Clients", false},
	    {"$SYS/#", "$SYS/monitor", true},
	    {"$SYS/monitor/+", "$SYS/monitor/Clients", true},
	    {"sport/tennis/+", "sport/tennis/player1", true},
	    {"sport/tennis/+", "sport/tennis/player1/ranking", false},
	    {"sport/+", "sport", false},
	    {"sport/+", "sport/", true},
	    {"+/+", "/finance", true},
	    {"/+", "/finance", true},
	    {"+", "/finance", false},
	    {"a/b", "a/b", true},
	    {"a/b", "a/b/", false},
	    {"a/b/", "a/b", false},
	    {"a/B", "a/b", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_null(topic_filter_fault(slice_of(cases[i].filter)));
		if (topic_filter_matches(slice_of(cases[i].filter), slice_of(cases[i].topic)) !=
		    cases[i].matches)
			fail_msg("'%s' and '%s'", cases[i].filter, cases[i].topic);
	}
}

static void test_filter_faults(void **state)
{
	static const char *const cases[] = {"",       "sport/tennis#", "sport/tennis/#/ranking",
	                                    "sport+", "a/b+/c",        "##"};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_non_null(topic_filter_fault(slice_of(cases[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_filters),
	    cmocka_unit_test(test_filter_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
