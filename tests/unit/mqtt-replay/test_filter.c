/* filter: by number, time and topic. */
#include "../unit.h"

#include "../../../cmd/mqtt-replay/filter.h"

static struct message message(uint64_t seq, int64_t received, const char *topic)
{
	return (struct message){.seq = seq, .received = received, .topic = slice_of(topic)};
}

static bool takes(const struct filter *f, uint64_t seq, int64_t received, const char *topic)
{
	struct message m = message(seq, received, topic);

	return filter_takes(f, &m);
}

static void all_is_taken_without_a_wish(void **state)
{
	const struct filter f = {.from = INT64_MIN, .to = INT64_MAX};

	(void)state;
	assert_true(takes(&f, 0, 0, "a"));
	assert_true(takes(&f, UINT64_MAX, -1, "$SYS/x"));
}

static void numbers_after_and_none_without(void **state)
{
	const struct filter f = {.after = 5, .from = INT64_MIN, .to = INT64_MAX};

	(void)state;
	assert_false(takes(&f, 5, 0, "a"));
	assert_true(takes(&f, 6, 0, "a"));
	assert_false(takes(&f, 0, 0, "a"));
}

static void the_window_has_its_start_and_not_its_end(void **state)
{
	const struct filter f = {.from = 100, .to = 200};

	(void)state;
	assert_false(takes(&f, 1, 99, "a"));
	assert_true(takes(&f, 1, 100, "a"));
	assert_true(takes(&f, 1, 199, "a"));
	assert_false(takes(&f, 1, 200, "a"));
}

static void one_of_the_topics_has_to_match(void **state)
{
	const struct filter f = {.from = INT64_MIN,
	                         .to = INT64_MAX,
	                         .topics = {SLICE("a/+"), SLICE("b/#")},
	                         .topic_count = 2};

	(void)state;
	assert_true(takes(&f, 1, 0, "a/x"));
	assert_true(takes(&f, 1, 0, "b"));
	assert_false(takes(&f, 1, 0, "a/x/y"));
	assert_false(takes(&f, 1, 0, "c"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_is_taken_without_a_wish),
	    cmocka_unit_test(numbers_after_and_none_without),
	    cmocka_unit_test(the_window_has_its_start_and_not_its_end),
	    cmocka_unit_test(one_of_the_topics_has_to_match),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
